package dev.quorate.mapreduce;

/**
 * What a keyspace holds under a key. A mapper that does not ask for the version takes {@code Text}, {@code String} or {@code byte[]} instead.
 *
 * @param version more than that of any earlier write to the key
 */
public record StoredValue(Text value, long version) {
    public static final Codec<StoredValue> CODEC = new Codec<>() {
        @Override
        public void write(StoredValue stored, ByteSink out) {
            out.writeLong(stored.version);
            out.write(stored.value.array(), stored.value.start(), stored.value.length());
        }

        @Override
        public StoredValue read(byte[] bytes, int start, int end) {
            long version = 0;
            for (int i = start; i < start + Long.BYTES; i++) {
                version = version << Byte.SIZE | bytes[i] & 0xFF;
            }
            return new StoredValue(new Text().set(bytes, start + Long.BYTES, end), version);
        }
    };

    /** The value alone, as text. */
    @Override
    public String toString() {
        return value.toString();
    }
}
