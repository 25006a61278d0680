package dev.quorate.server.driver;

import dev.quorate.raft.Message;
import java.util.UUID;

/** The core's way to its peers. */
public interface PeerNetwork {
    /** False when the message was dropped. It leaves with the next {@link #flush}. */
    boolean send(Message message);

    void flush();

    /** Starts to bring a peer the state at an index or later; {@link RaftDriver#snapshotSent} tells the end of it. */
    void sendSnapshot(UUID peer, long term, long minIndex);
}
