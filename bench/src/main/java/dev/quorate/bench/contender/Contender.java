package dev.quorate.bench.contender;

import java.io.IOException;
import java.nio.file.Path;

/** A system that can be measured. */
public interface Contender {
    /** As tables call it. */
    String name();

    /** Version, settings and client, for the table's notes. */
    String description();

    /**
     * Starts a cluster in an empty directory, and returns when it serves.
     *
     * @throws IOException when it can't be started, or does not serve in time
     */
    Cluster start(Path directory) throws IOException, InterruptedException;
}
