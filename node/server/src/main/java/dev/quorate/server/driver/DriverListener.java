package dev.quorate.server.driver;

import dev.quorate.raft.RaftStatus;
import dev.quorate.store.ApplyResult;

/** Who wants to know of changes. Called on the driver's threads: must be quick and must not block. */
public interface DriverListener {
    /** Role, term or leader changed, or a transfer of leadership ended. */
    void changed(RaftStatus status);

    /** A command was applied here. */
    void applied(ApplyResult result);

    /** A snapshot took the state machine's place. */
    void installed();
}
