package dev.quorate.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Digest of a set of rows: the sum, modulo 2^64, of each row's own digest, so that it depends neither on order nor on chunks and an import
 * can keep it running. It guards against damage and mistakes, not against an adversary.
 *
 * <p>A row's digest are two independent checksums of its key's size (4 bytes, big-endian), its key and its value, mixed so that sums of them do not cancel
 * out.
 */
final class ShardDigest {
    static final long EMPTY = 0;

    private ShardDigest() {}

    static long of(byte[] key, byte[] value) {
        byte[] size = ByteBuffer.allocate(4).putInt(key.length).array();
        CRC32 crc32 = new CRC32();
        crc32.update(size);
        crc32.update(key);
        crc32.update(value);
        CRC32C crc32c = new CRC32C();
        crc32c.update(size);
        crc32c.update(key);
        crc32c.update(value);
        return digest(crc32, crc32c);
    }

    /** The same, of what stands one after the other. */
    static long ofSizedKeyAndValue(byte[] source, int at, int sizeBytes) {
        CRC32 crc32 = new CRC32();
        crc32.update(source, at, sizeBytes);
        CRC32C crc32c = new CRC32C();
        crc32c.update(source, at, sizeBytes);
        return digest(crc32, crc32c);
    }

    private static long digest(CRC32 crc32, CRC32C crc32c) {
        return mix(crc32.getValue() << 32 | crc32c.getValue());
    }

    /** The finalizer of MurmurHash3: a bijection that spreads every bit over all. */
    private static long mix(long bits) {
        bits = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
        return bits ^ bits >>> 33;
    }
}
