package dev.quorate.mapreduce.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file of sorted pairs, with a segment for each partition. */
public record RunFile(Path path, List<Segment> segments) {
    public RunFile {
        segments = List.copyOf(segments);
    }

    /**
     * Where a partition's pairs are in the file.
     *
     * @param offset of its first byte
     * @param bytes stored
     */
    public record Segment(long offset, long bytes, long pairs) {}

    /** The pairs of a partition. */
    public Pairs open(int partition) throws IOException {
        Segment segment = segments.get(partition);
        return new RunReader(new FileRange(path, segment.offset(), segment.bytes()), path + " partition " + partition);
    }

    public long bytes() {
        return segments.stream().mapToLong(Segment::bytes).sum();
    }

    public void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
