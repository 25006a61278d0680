package dev.quorate.mapreduce.format;

import dev.quorate.mapreduce.Split;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the files of an input, and cuts them. An input is a file, a directory (the files in it), or a pattern such as {@code books/*.txt}. */
public final class InputFiles {
    private static final String PATTERN_CHARACTERS = "*?[{";
    /** By name; the bytes of one would be taken for lines. */
    private static final Pattern COMPRESSED = Pattern.compile("\\.(gz|bz2|xz|zst|zip|lz4)$");

    private InputFiles() {}

    /**
     * @param recordBytes of which every split but the last of a file holds a whole number; 1 for any
     */
    static List<Split> splits(String input, long splitBytes, long recordBytes) throws IOException {
        long size = Math.max(recordBytes, splitBytes / recordBytes * recordBytes);
        List<Split> splits = new ArrayList<>();
        for (Path file : find(input)) {
            if (recordBytes == 1 && COMPRESSED.matcher(file.toString()).find()) {
                throw new IOException("input " + file + " is compressed, and can't be cut into splits: unpack it");
            }
            long length = Files.size(file);
            if (length % recordBytes != 0) {
                throw new IOException("input " + file + " has " + length
                        + " bytes, which is no whole number of records of " + recordBytes);
            }
            for (long start = 0; start < length; start += size) {
                // a small rest goes with the split before it
                long end = length - start < size + size / 8 ? length : start + size;
                splits.add(new Split(file.toString(), start, end, List.of()));
                if (end == length) {
                    break;
                }
            }
        }
        return splits;
    }

    /** In order of their names. Files whose names start with a dot or an underscore are not part of a directory or pattern. */
    public static List<Path> find(String input) throws IOException {
        int pattern = firstPatternCharacter(input);
        List<Path> found;
        if (pattern < 0) {
            Path path = Path.of(input);
            if (!Files.exists(path)) {
                throw new NoSuchFileException("input " + input + " does not exist");
            }
            found = Files.isDirectory(path) ? list(path) : List.of(path);
        } else {
            int slash = input.lastIndexOf('/', pattern);
            Path root = Path.of(slash < 0 ? "" : input.substring(0, slash + 1));
            if (!Files.isDirectory(root)) {
                throw new NoSuchFileException("input " + input + " does not exist: there is no directory " + root);
            }
            found = matching(root, input.substring(slash + 1));
        }
        if (found.isEmpty()) {
            throw new NoSuchFileException("input " + input + " names no file");
        }
        for (Path file : found) {
            if (!Files.isReadable(file)) {
                throw new IOException("input " + file + " can't be read: permission denied");
            }
        }
        return found;
    }

    private static int firstPatternCharacter(String input) {
        for (int i = 0; i < input.length(); i++) {
            if (PATTERN_CHARACTERS.indexOf(input.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(InputFiles::visible).sorted().toList();
        }
    }

    private static List<Path> matching(Path root, String pattern) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(InputFiles::visible)
                    .filter(file -> matcher.matches(root.relativize(file)))
                    .sorted()
                    .toList();
        }
    }

    private static boolean visible(Path path) {
        String name = path.getFileName().toString();
        return !name.startsWith(".") && !name.startsWith("_") && Files.isRegularFile(path);
    }
}
