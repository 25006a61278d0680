package dev.quorate.mapreduce.keyspace;

import java.io.IOException;

/** Keeps a publication that was held up from going on after its job has ended. */
@FunctionalInterface
public interface Fence {
    /**
     * @throws IOException when the job has ended, or that can't be known
     */
    void check() throws IOException;
}
