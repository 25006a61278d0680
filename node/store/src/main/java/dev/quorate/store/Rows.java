package dev.quorate.store;

import java.util.List;

/**
 * An ordered map of byte strings, unsigned order, that outlives the process: what the state machine needs of storage and all that it uses of it. Safe
 * for any thread, but one writes at a time. Arrays that go in or come out are not changed by either side.
 *
 * <p>Writes are not durable until they are flushed, and nothing is flushed that nobody asked for: after a crash the rows are those that some flush
 * found, not one before the last that is known to be done. Every method throws {@link StoreException} of kind IO or CORRUPT when the medium fails: then nothing is certain any more.
 */
public interface Rows extends AutoCloseable {
    /** The latest value, null when absent. */
    byte[] get(byte[] key);

    /** The latest values in order, null where absent. */
    List<byte[]> multiGet(List<byte[]> keys);

    /** The value that a crash now would leave, at least. */
    byte[] getDurable(byte[] key);

    /** The rows as they are now, for as long as it is open. */
    Snapshot snapshot();

    /** An empty batch, to be filled by one thread, written, and closed. */
    Batch newBatch();

    /**
     * An empty run, to be filled by one thread and ended. Several may be open at a time, of ranges that do not overlap. Between the first key of a run and its
     * last nothing is written in another way from when it is opened until it has ended, and nothing was that is not durable.
     */
    Run newRun();

    /** All of the batch, or, when this throws, nothing that a reader could see. */
    void write(Batch batch);

    /** Makes all that was written durable; what is written meanwhile too, or not. */
    void flush();

    /** Whether so much was written since the last flush that it is time for one. */
    boolean isFlushDue();

    /** Begins to make durable what was written so far, and only that. A crash leaves all of it or what was durable before. */
    void beginFlush();

    /** Whether space could be given back of ranges that were dropped, were their deletion durable. */
    boolean isFlushWanted();

    /**
     * Gives some space back of ranges that were dropped durably: so much that nobody notices.
     *
     * @return those of which only a little is left, which is to be deleted with {@link Batch#deleteDropped}
     */
    List<KeyRange> reclaim();

    /** Whether writes have to wait. */
    default WriteStalls writeStalls() {
        return WriteStalls.NONE;
    }

    /** What was not flushed is lost. Snapshots are closed before. */
    @Override
    void close();

    /** Bytes that are not in an array of their own yet. */
    interface Content {
        int sizeBytes();

        /** Copies all of them to a place that is large enough. */
        void copyTo(byte[] target, int at);

        /** All of them, in an array of their own. */
        default byte[] bytes() {
            byte[] bytes = new byte[sizeBytes()];
            copyTo(bytes, 0);
            return bytes;
        }
    }

    /** Takes rows. */
    interface Puts {
        /** @param source where the value is; nobody changes it */
        void put(byte[] key, byte[] source, int valueAt, int valueSizeBytes);
    }

    /**
     * Many rows, put in the order of keys. They cost less than in batches: they are written once. Nobody sees them until the run has ended; then they are
     * durable, and replace what was there.
     */
    interface Run extends Puts, AutoCloseable {
        void end();

        /** Forgets what was put, unless it has ended. */
        @Override
        void close();
    }

    /** Changes that take effect together, in the order in which they were added. */
    interface Batch extends Puts, AutoCloseable {
        void put(byte[] key, byte[] value);

        void put(byte[] key, Content value);

        void delete(byte[] key);

        void deleteRange(KeyRange range);

        /** The same, of ranges in which nothing is ever written again and nobody looks any more: their rows may be seen for a while. */
        void dropRanges(List<KeyRange> ranges);

        /** What is left of a dropped range, and that it was dropped. */
        void deleteDropped(KeyRange range);

        @Override
        void close();
    }

    /** The rows at one instant. */
    interface Snapshot extends AutoCloseable {
        byte[] get(byte[] key);

        List<byte[]> multiGet(List<byte[]> keys);

        /** Whether a row is of a range that was dropped and is still to be seen, as of now. */
        boolean isDropped(byte[] key);

        /** At the range's first row. */
        Cursor cursor(KeyRange range);

        /** The same, for who reads a lot of it and once: what others read often stays in memory. */
        Cursor bulkCursor(KeyRange range);

        @Override
        void close();
    }

    /** Walks the rows of a range in order. For one thread; closed before its snapshot. */
    interface Cursor extends AutoCloseable {
        /** Whether there is a row here. A failure to read is never taken for the end. */
        boolean valid();

        byte[] key();

        byte[] value();

        /** Copies as much of the key as there is room for. Its size, which may be more. */
        int copyKey(byte[] target, int at);

        /** The same of the value. */
        int copyValue(byte[] target, int at);

        void next();

        /** To the first row of the range that is not before this key. */
        void seek(byte[] key);

        @Override
        void close();
    }
}
