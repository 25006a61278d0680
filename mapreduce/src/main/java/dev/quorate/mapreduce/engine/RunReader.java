package dev.quorate.mapreduce.engine;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** Reads a segment of a run, wherever its bytes come from. */
public final class RunReader implements Pairs {
    /** More than any block: one of a pair as large as the buffer of the map side. */
    private static final int BLOCK_BYTES_MAX = 1 << 30;

    private final InputStream in;
    private final String name;
    private final LZ4SafeDecompressor decompressor = Blocks.decompressor();
    private final byte[] header = new byte[Blocks.HEADER_BYTES];
    private byte[] stored = new byte[0];
    private byte[] block = new byte[0];
    private int blockEnd;
    private int keyStart;
    private int valueStart;
    private int valueEnd;
    private boolean ended;

    /**
     * @param name for messages
     */
    public RunReader(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    @Override
    public boolean next() throws IOException {
        if (valueEnd == blockEnd && !nextBlock()) {
            return false;
        }
        int at = valueEnd;
        int shift = 0;
        int keyLength = 0;
        int part;
        do {
            part = block[at++];
            keyLength |= (part & 0x7F) << shift;
            shift += 7;
        } while (part < 0);
        shift = 0;
        int valueLength = 0;
        do {
            part = block[at++];
            valueLength |= (part & 0x7F) << shift;
            shift += 7;
        } while (part < 0);
        keyStart = at;
        valueStart = at + keyLength;
        valueEnd = valueStart + valueLength;
        return true;
    }

    private boolean nextBlock() throws IOException {
        if (ended) {
            return false;
        }
        read(header, Blocks.HEADER_BYTES);
        int length = (int) Keys.INT.get(header, 0);
        int storedLength = (int) Keys.INT.get(header, Integer.BYTES);
        if (length == 0) {
            ended = true;
            in.close();
            return false;
        }
        if (length < 0 || length > BLOCK_BYTES_MAX || storedLength < 0 || storedLength > BLOCK_BYTES_MAX) {
            throw damaged("a block of " + length + " bytes, " + storedLength + " stored");
        }
        stored = atLeast(stored, storedLength);
        block = atLeast(block, length);
        read(stored, storedLength);
        CRC32C crc = new CRC32C();
        crc.update(stored, 0, storedLength);
        if ((int) crc.getValue() != (int) Keys.INT.get(header, 2 * Integer.BYTES)) {
            throw damaged("a block's checksum differs");
        }
        try {
            blockEnd = decompressor.decompress(stored, 0, storedLength, block, 0, length);
        } catch (LZ4Exception e) {
            throw damaged(e.getMessage());
        }
        valueEnd = 0;
        return true;
    }

    private static byte[] atLeast(byte[] array, int length) {
        return array.length >= length ? array : new byte[Math.max(length, Blocks.BYTES + Blocks.BYTES / 4)];
    }

    private void read(byte[] into, int length) throws IOException {
        if (in.readNBytes(into, 0, length) < length) {
            throw new EOFException("map output is cut short: " + name);
        }
    }

    private IOException damaged(String what) {
        return new IOException("map output is damaged: " + name + ": " + what);
    }

    @Override
    public byte[] array() {
        return block;
    }

    @Override
    public int keyStart() {
        return keyStart;
    }

    @Override
    public int valueStart() {
        return valueStart;
    }

    @Override
    public int valueEnd() {
        return valueEnd;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
