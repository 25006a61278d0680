package dev.quorate.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Digest of a set of rows: the sum, modulo 2^64, of each row's own digest, so that it depends neither on order nor on chunks and an import
 * can keep it running. It guards against damage and mistakes, not against an adversary.
 */
final class ShardDigest {
    static final long EMPTY = 0;

    private ShardDigest() {}

    static long of(byte[] key, byte[] value) {
        return of(ByteBuffer.wrap(key), ByteBuffer.wrap(value));
    }

    /** Two independent checksums of the row, mixed so that sums of them do not cancel out. */
    private static long of(ByteBuffer key, ByteBuffer value) {
        ByteBuffer header = ByteBuffer.allocate(4).putInt(key.remaining()).flip();
        CRC32 crc32 = new CRC32();
        crc32.update(header.duplicate());
        crc32.update(key.duplicate());
        crc32.update(value.duplicate());
        CRC32C crc32c = new CRC32C();
        crc32c.update(header);
        crc32c.update(key);
        crc32c.update(value);
        return mix(crc32.getValue() << 32 | crc32c.getValue());
    }

    /** The finalizer of MurmurHash3: a bijection that spreads every bit over all. */
    private static long mix(long bits) {
        bits = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
        return bits ^ bits >>> 33;
    }
}
