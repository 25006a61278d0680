package dev.quorate.bench.load;

/** What is put under load. */
interface Target extends AutoCloseable {
    /** What one caller speaks through; callers may share what is behind it. */
    Connection connect();

    @Override
    void close();

    /** One caller's. Calls return when answered, and throw when they fail. */
    interface Connection extends AutoCloseable {
        void write(byte[] key, byte[] value) throws Exception;

        /** Linearizable. Throws when the key is absent. */
        void read(byte[] key) throws Exception;

        @Override
        default void close() {}
    }
}
