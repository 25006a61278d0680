package dev.quorate.bench.contender;

import java.io.IOException;
import java.nio.file.Path;

/** A system that can be measured. */
public interface Contender {
    /** As tables call it. */
    String name();

    /** Whether what it needs is on this machine. */
    default boolean present() {
        return true;
    }

    /** Where it is not: how to get it, in words. */
    default String remedy() {
        return "";
    }

    /** Version, settings and client, for the table's notes. */
    String description();

    /** Whether a JIT compiler makes it faster for as long as half a minute: it gets a longer warm-up than what is compiled before. */
    default boolean compiledJustInTime() {
        return false;
    }

    /** Whether it is no peer, only a mark to see the others by: one round of it is enough. */
    default boolean forOrientation() {
        return false;
    }

    /**
     * Starts a cluster in an empty directory, and returns when it serves.
     *
     * @throws IOException when it can't be started, or does not serve in time
     */
    Cluster start(Path directory) throws IOException, InterruptedException;
}
