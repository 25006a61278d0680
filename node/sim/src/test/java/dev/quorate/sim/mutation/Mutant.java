package dev.quorate.sim.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A guard that is removed.
 *
 * @param guard what it is for
 */
record Mutant(String name, String guard, List<Patch> patches) {
    static final Path ROOT = Path.of(System.getProperty("quorate.root"));
    private static final Path DIRECTORY = ROOT.resolve("node/sim/src/test/mutants");
    private static final String SUFFIX = ".mutant";

    /** All there are, by name. */
    static List<Mutant> all() throws IOException {
        List<Mutant> mutants = new ArrayList<>();
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString();
                mutants.add(parse(name.substring(0, name.length() - SUFFIX.length()), Files.readAllLines(file)));
            }
        }
        return mutants;
    }

    static Mutant parse(String name, List<String> lines) {
        String guard = null;
        List<Patch> patches = new ArrayList<>();
        List<String> part = null;
        for (String line : lines) {
            if (line.startsWith("guard: ")) {
                guard = line.substring("guard: ".length());
            } else if (line.startsWith("file: ")) {
                patches.add(new Patch(line.substring("file: ".length()), new ArrayList<>(), new ArrayList<>()));
                part = null;
            } else if (line.equals("before:") && !patches.isEmpty()) {
                part = patches.getLast().before();
            } else if (line.equals("after:") && !patches.isEmpty()) {
                part = patches.getLast().after();
            } else if (part != null) {
                part.add(line);
            } else if (!line.isBlank()) {
                throw new IllegalArgumentException("mutant " + name + ": '" + line + "' belongs to no part");
            }
        }
        if (guard == null
                || patches.isEmpty()
                || patches.stream().anyMatch(patch -> patch.before().isEmpty())) {
            throw new IllegalArgumentException(
                    "mutant " + name + " needs a guard, and a file with the lines before for every patch");
        }
        return new Mutant(name, guard, patches);
    }

    /** @throws PatchException when one of its patches does not fit any more */
    void apply(SourceCopy copy) throws IOException {
        for (Patch patch : patches) {
            try {
                copy.replace(patch.file(), patch.apply(copy.read(patch.file())));
            } catch (PatchException e) {
                throw new PatchException("mutant " + name + " (" + guard + "): " + e.getMessage());
            }
        }
    }
}
