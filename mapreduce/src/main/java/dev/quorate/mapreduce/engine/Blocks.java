package dev.quorate.mapreduce.engine;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** The form of a block: its length, the length stored, a CRC32C of what is stored, and the bytes, LZ4. A length of 0 ends the segment. */
final class Blocks {
    /** A block is closed with the pair that brings it to this size. */
    static final int BYTES = 64 << 10;

    static final int HEADER_BYTES = 3 * Integer.BYTES;

    private static final LZ4Factory LZ4 = LZ4Factory.fastestInstance();

    private Blocks() {}

    static LZ4Compressor compressor() {
        return LZ4.fastCompressor();
    }

    static LZ4SafeDecompressor decompressor() {
        return LZ4.safeDecompressor();
    }
}
