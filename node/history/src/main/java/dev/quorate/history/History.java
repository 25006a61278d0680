package dev.quorate.history;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What clients did and were answered, in the order of the calls. The package has the format of its file. */
public record History(List<Invocation> invocations) {
    /** Most operations of a history. */
    public static final int OPERATIONS_MAX = 10_000_000;

    /** Longest line of a file, in characters. */
    public static final int LINE_CHARS_MAX = 4 << 20;

    /** Names the directory that {@link #exportAs} writes to. */
    public static final String DIRECTORY_PROPERTY = "quorate.history";

    public History {
        if (invocations.size() > OPERATIONS_MAX) {
            throw new IllegalArgumentException(
                    "a history of " + invocations.size() + " operations is too long: the limit is " + OPERATIONS_MAX);
        }
        invocations = invocations.stream()
                .sorted(Comparator.comparingLong(Invocation::callNanos))
                .toList();
    }

    public static History of(Invocation... invocations) {
        return new History(List.of(invocations));
    }

    public int size() {
        return invocations.size();
    }

    /** The histories of its keys, by key. */
    public Map<String, List<Invocation>> byKey() {
        Map<String, List<Invocation>> keys = new TreeMap<>();
        for (Invocation each : invocations) {
            keys.computeIfAbsent(each.key(), key -> new ArrayList<>()).add(each);
        }
        return keys;
    }

    public void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Invocation each : invocations) {
                out.write(JsonLine.of(each));
                out.write('\n');
            }
        }
    }

    /** @throws IOException also when a line is not as the package describes; it names the line */
    public static History read(Path file) throws IOException {
        List<Invocation> invocations = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int number = invocations.size() + 1;
                if (number > OPERATIONS_MAX || line.length() > LINE_CHARS_MAX) {
                    throw new IOException(file + " is too large at line " + number + ": the limits are "
                            + OPERATIONS_MAX + " lines of " + LINE_CHARS_MAX + " characters");
                }
                try {
                    invocations.add(JsonLine.parse(line));
                } catch (IllegalArgumentException e) {
                    throw new IOException(file + ", line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return new History(invocations);
    }

    /**
     * Writes {@code <test>-<time>.jsonl} into the directory that {@link #DIRECTORY_PROPERTY} names, for other tools.
     *
     * @return the file, or empty when the property is not set
     */
    public Optional<Path> exportAs(String test) throws IOException {
        String directory = System.getProperty(DIRECTORY_PROPERTY, "");
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        Path file =
                Files.createDirectories(Path.of(directory)).resolve(test + "-" + System.currentTimeMillis() + ".jsonl");
        write(file);
        return Optional.of(file);
    }
}
