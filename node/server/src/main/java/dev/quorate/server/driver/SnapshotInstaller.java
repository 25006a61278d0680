package dev.quorate.server.driver;

import dev.quorate.raft.HardState;
import dev.quorate.raft.SnapshotMeta;
import java.io.IOException;

/** Puts a received snapshot in the state machine's place and starts the log anew from it, so that a crash leaves one or the other. */
public interface SnapshotInstaller {
    /**
     * Called by the log writer; durable on return. May be called again for the same snapshot when the disk was full.
     *
     * @param hardState to be kept with the log, or null when unchanged
     */
    void install(SnapshotMeta meta, HardState hardState) throws IOException, InterruptedException;
}
