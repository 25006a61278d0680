package dev.quorate.server.transport;

import dev.quorate.raft.Message;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.Response;

/** What a node does with what its peers send. */
public interface PeerHandler {
    /** A message for the consensus core. Called on a network thread: must not block. */
    void receive(Message message);

    /** Whether this group has removed the member for good. Called for every frame: must be quick. */
    boolean isRemoved(String memberId);

    /** A call, on a virtual thread of its own; the answer's id is filled in by the caller. */
    Response answer(Request request);
}
