package dev.quorate.mapreduce.engine;

import dev.quorate.mapreduce.ByteSink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4Compressor;

/** Writes a run: pairs that come in order, partition after partition. */
public final class RunWriter implements Closeable {
    private final Path path;
    private final int partitions;
    private final FileSink file;
    private final LZ4Compressor compressor = Blocks.compressor();
    private final ByteSink block = new ByteSink();
    private final List<RunFile.Segment> segments = new ArrayList<>();
    private byte[] stored = new byte[0];
    private long offset;
    private long segmentStart;
    private long segmentPairs;

    public RunWriter(Path path, int partitions) throws IOException {
        this.path = path;
        this.partitions = partitions;
        this.file = new FileSink(path, false);
    }

    /** The partition must not be below the last one's, and within a partition the key not below the last. */
    public void add(int partition, byte[] key, int keyStart, int keyEnd, byte[] value, int valueStart, int valueEnd)
            throws IOException {
        while (segments.size() < partition) {
            endSegment();
        }
        block.writeVarint(keyEnd - keyStart);
        block.writeVarint(valueEnd - valueStart);
        block.write(key, keyStart, keyEnd - keyStart);
        block.write(value, valueStart, valueEnd - valueStart);
        segmentPairs++;
        if (block.length() >= Blocks.BYTES) {
            endBlock();
        }
    }

    /** The present pair of another. */
    public void add(int partition, Pairs pairs) throws IOException {
        byte[] array = pairs.array();
        add(partition, array, pairs.keyStart(), pairs.valueStart(), array, pairs.valueStart(), pairs.valueEnd());
    }

    private void endBlock() throws IOException {
        int most = compressor.maxCompressedLength(block.length());
        if (stored.length < Blocks.HEADER_BYTES + most) {
            stored = new byte[Blocks.HEADER_BYTES + most];
        }
        int length = compressor.compress(block.array(), 0, block.length(), stored, Blocks.HEADER_BYTES, most);
        CRC32C crc = new CRC32C();
        crc.update(stored, Blocks.HEADER_BYTES, length);
        Keys.INT.set(stored, 0, block.length());
        Keys.INT.set(stored, Integer.BYTES, length);
        Keys.INT.set(stored, 2 * Integer.BYTES, (int) crc.getValue());
        file.write(stored, 0, Blocks.HEADER_BYTES + length);
        offset += Blocks.HEADER_BYTES + length;
        block.truncate(0);
    }

    private void endSegment() throws IOException {
        if (block.length() > 0) {
            endBlock();
        }
        file.write(new byte[Blocks.HEADER_BYTES]);
        offset += Blocks.HEADER_BYTES;
        segments.add(new RunFile.Segment(segmentStart, offset - segmentStart, segmentPairs));
        segmentStart = offset;
        segmentPairs = 0;
    }

    /** Ends the file. */
    public RunFile finish() throws IOException {
        while (segments.size() < partitions) {
            endSegment();
        }
        file.close();
        return new RunFile(path, segments);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
