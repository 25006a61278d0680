package dev.quorate.raft;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Message.ReadIndexRequest;
import dev.quorate.raft.Message.ReadIndexResponse;
import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.VoteResponse;
import java.util.UUID;

/**
 * What a member is in its current term, and how it answers in that role. A role lives from one transition to the next, and its state with it.
 * Messages arrive here with the member's own term (but for pre-votes): {@link Raft#step} has dealt with higher and lower ones.
 */
abstract sealed class Role permits Follower, Campaigner, Leader {
    final Raft raft;

    Role(Raft raft) {
        this.raft = raft;
    }

    abstract RaftStatus.Role name();

    /** Runs once the member has taken the role. */
    void enter() {}

    abstract void tick();

    /** See {@link Raft#ticksUntilAction}. */
    abstract int ticksUntilAction();

    /** The current term's leader, or null when unknown. */
    UUID leader() {
        return null;
    }

    /** See {@link RaftStatus#heir}. */
    UUID heir() {
        return null;
    }

    /** Whether a leader was heard of so lately that no other may be elected (§4.2.3 of the dissertation, §6). */
    boolean holdsLease() {
        return false;
    }

    abstract void onAppendEntries(AppendEntries message);

    abstract void onInstallSnapshot(InstallSnapshot message);

    /** The member's vote in the current term was given away. */
    void onVoteGranted(RequestVote request) {}

    /** Another member was told that it would get the vote. */
    void onPreVoteGranted(RequestVote request) {}

    void onVoteResponse(VoteResponse message) {}

    void onAppendResponse(AppendResponse message) {}

    void onTimeoutNow() {}

    /** Only a leader can answer. */
    void onReadIndexRequest(ReadIndexRequest message) {
        raft.send(new ReadIndexResponse(raft.id(), message.from(), raft.term(), message.readId(), false, 0));
    }

    void onReadIndexResponse(ReadIndexResponse message) {}

    /** Takes a linearizable read, to be confirmed by the leader; false when it can't. */
    boolean readIndexThroughLeader(long requestId) {
        return false;
    }

    /** The connection to a peer broke. */
    void onConnectionLost(UUID peer) {}

    /** More of the log or the hard state is durable. */
    void onPersisted() {}

    /** Whether {@link #flush} has something to look at. */
    boolean needsFlush() {
        return false;
    }

    /** Sends what gathered since the last ready. */
    void flush() {}

    /** Runs before the member leaves the role. */
    void leave() {}
}
