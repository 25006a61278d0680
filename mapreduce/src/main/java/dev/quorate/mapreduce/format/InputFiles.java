package dev.quorate.mapreduce.format;

import dev.quorate.mapreduce.Split;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
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

    /**
     * In order of their names. Files whose names start with a dot or an underscore are not part of a directory or pattern. What exists by that very name is no pattern.
     *
     * @throws IOException for people
     */
    public static List<Path> find(String input) throws IOException {
        List<Path> found;
        try {
            found = found(input);
        } catch (PatternSyntaxException e) {
            throw new IOException("input " + input + " does not exist, and is no pattern: " + e.getDescription(), e);
        } catch (InvalidPathException e) {
            throw new IOException("input " + input + " is no path here: " + e.getReason(), e);
        } catch (AccessDeniedException e) {
            throw new IOException("input " + input + " can't be read: no permission to list " + e.getFile(), e);
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

    private static List<Path> found(String input) throws IOException {
        int pattern = firstPatternCharacter(input);
        if (pattern < 0 || Files.exists(Path.of(input))) {
            return named(input);
        }
        int slash = input.lastIndexOf('/', pattern);
        Path root = Path.of(slash < 0 ? "" : input.substring(0, slash + 1));
        if (!Files.isDirectory(root)) {
            throw new NoSuchFileException("input " + input + " does not exist: there is no directory " + root);
        }
        return matching(root, input.substring(slash + 1));
    }

    private static List<Path> named(String input) throws IOException {
        Path path = Path.of(input);
        if (!Files.exists(path)) {
            throw new NoSuchFileException("input " + input + " does not exist");
        }
        if (Files.isDirectory(path)) {
            return list(path);
        }
        if (!Files.isRegularFile(path)) {
            throw new FileSystemException(
                    "input " + input + " is neither a file nor a directory, and can't be cut into splits");
        }
        return List.of(path);
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
        List<Path> matching = new ArrayList<>();
        // no deeper than the pattern reaches, so that "/*" does not walk through all of a disk
        int depth = pattern.contains("**")
                ? Integer.MAX_VALUE
                : 1 + (int) pattern.chars().filter(c -> c == '/').count();
        Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (visible(file) && matcher.matches(root.relativize(file))) {
                    matching.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException || failure instanceof FileSystemLoopException) {
                    return FileVisitResult.CONTINUE; // removed meanwhile; or seen already, further up
                }
                throw failure;
            }
        });
        matching.sort(null);
        return matching;
    }

    private static boolean visible(Path path) {
        String name = path.getFileName().toString();
        return !name.startsWith(".") && !name.startsWith("_") && Files.isRegularFile(path);
    }
}
