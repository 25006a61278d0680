package dev.quorate.sim.mutation;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines of a source that are replaced.
 *
 * @param file from the root of the checkout
 */
record Patch(String file, List<String> before, List<String> after) {
    /** @throws PatchException when the lines before are not found exactly once */
    String apply(String source) {
        List<String> lines = source.lines().toList();
        List<String> wanted = before.stream().map(String::strip).toList();
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at + wanted.size() <= lines.size(); at++) {
            if (lines.subList(at, at + wanted.size()).stream()
                    .map(String::strip)
                    .toList()
                    .equals(wanted)) {
                found.add(at);
            }
        }
        if (found.size() != 1) {
            throw new PatchException("these lines are found " + found.size() + " times in " + file
                    + ", not once. The guard has changed: write the mutant for what it is now.\n"
                    + String.join("\n", before));
        }
        List<String> patched = new ArrayList<>(lines.subList(0, found.getFirst()));
        patched.addAll(after);
        patched.addAll(lines.subList(found.getFirst() + wanted.size(), lines.size()));
        return String.join("\n", patched) + "\n";
    }
}
