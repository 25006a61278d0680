package dev.quorate.mapreduce.engine;

import java.io.IOException;

/** Takes a map task's pairs in any order; in the end they are one run. Lives within a bound of memory, and may serve one task after another. */
public sealed interface MapBuffer permits SortBuffer, CombiningTable {
    /**
     * @param hash {@link Keys#hash} of the key
     * @param pair the key's bytes, then the value's; copied
     */
    void add(int partition, long hash, byte[] pair, int keyLength, int length) throws IOException;

    /** Begins a task, whatever became of the one before. */
    void begin(Spills spills);

    /** Ends the task. */
    RunFile finish() throws IOException;
}
