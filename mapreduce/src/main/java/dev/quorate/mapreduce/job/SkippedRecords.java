package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The records that an attempt left out, kept aside: a line for each, number, key and value. The file is made with the first one. */
final class SkippedRecords {
    private final Path file;

    SkippedRecords(Path file) {
        this.file = file;
    }

    void add(long record, Object key, Object value) throws IOException {
        String line = record + "\t" + text(key) + (value == null ? "" : "\t" + text(value)) + "\n";
        OutputDirectory.makeAttemptDirectory(file.getParent());
        Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? Text.of(bytes).toString() : String.valueOf(value);
    }
}
