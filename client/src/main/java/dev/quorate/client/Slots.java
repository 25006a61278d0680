package dev.quorate.client;

/**
 * Where keys are: one of 16384 slots, by the CRC16 of the key or of its hash tag, exactly as in Redis Cluster; and a shard, which is a
 * contiguous run of slots.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis Cluster specification</a>
 */
public final class Slots {
    public static final int COUNT = 16384;

    private static final int POLYNOMIAL = 0x1021;
    private static final char[] CRC16 = crc16Table();

    private Slots() {}

    /**
     * The key's slot. Its hash tag is what stands between the first {@code &#123;} and the first {@code &#125;} after it; only the tag is
     * hashed, unless there is none or it is empty.
     */
    public static int slotOf(byte[] key) {
        int open = indexOf(key, '{', 0);
        if (open >= 0) {
            int close = indexOf(key, '}', open + 1);
            if (close > open + 1) {
                return crc16(key, open + 1, close) % COUNT;
            }
        }
        return crc16(key, 0, key.length) % COUNT;
    }

    /** The shard of a slot. {@code shardCount} is a power of two in 1..16384. */
    public static int shardOfSlot(int slot, int shardCount) {
        return slot / slotsPerShard(shardCount);
    }

    public static int shardOf(byte[] key, int shardCount) {
        return shardOfSlot(slotOf(key), shardCount);
    }

    /** The first slot of a shard; its last is {@code firstSlot(shard + 1, shardCount) - 1}. */
    public static int firstSlot(int shard, int shardCount) {
        return shard * slotsPerShard(shardCount);
    }

    private static int slotsPerShard(int shardCount) {
        if (shardCount < 1 || shardCount > COUNT || Integer.bitCount(shardCount) != 1) {
            throw new IllegalArgumentException("shard count " + shardCount + " is not a power of two in 1.." + COUNT);
        }
        return COUNT / shardCount;
    }

    private static int indexOf(byte[] key, char wanted, int from) {
        for (int i = from; i < key.length; i++) {
            if (key[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** CRC16/XMODEM: polynomial 0x1021, initial value 0, nothing reflected. */
    static int crc16(byte[] bytes, int from, int to) {
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc = (crc << 8 ^ CRC16[(crc >>> 8 ^ bytes[i]) & 0xff]) & 0xffff;
        }
        return crc;
    }

    private static char[] crc16Table() {
        char[] table = new char[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
            table[i] = (char) crc;
        }
        return table;
    }
}
