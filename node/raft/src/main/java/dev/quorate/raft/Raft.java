package dev.quorate.raft;

import java.util.List;
import java.util.UUID;
import java.util.function.IntUnaryOperator;

/** The consensus core of one member: a pure state machine. Skeleton of the contract; the implementation replaces the bodies. */
public final class Raft {
    /**
     * @param hardState as read from the log
     * @param membership the group's members as of {@code appliedIndex}
     * @param appliedIndex last entry the state machine holds; entries up to it are committed
     * @param random n -> a number in [0, n)
     */
    public Raft(
            RaftConfig config,
            HardState hardState,
            Membership membership,
            long appliedIndex,
            LogView log,
            IntUnaryOperator random) {
        throw new UnsupportedOperationException();
    }

    /** Logical time goes on by one tick. */
    public void tick() {
        throw new UnsupportedOperationException();
    }

    /** Takes a message from a peer; messages of strangers and of older terms are dealt with inside. */
    public void step(Message message) {
        throw new UnsupportedOperationException();
    }

    /** Appends commands, in order, all or none. Never blocks. */
    public Proposal propose(List<byte[]> commands) {
        throw new UnsupportedOperationException();
    }

    /** Asks for a linearizable read. False: not the leader, nothing was registered. Else a read state or a lost read with this id follows. */
    public boolean readIndex(long requestId) {
        throw new UnsupportedOperationException();
    }

    /** Hands leadership to a voter as soon as it is caught up; given up after an election timeout. No-op unless leader. */
    public void transferLeadership(UUID target) {
        throw new UnsupportedOperationException();
    }

    public boolean hasReady() {
        throw new UnsupportedOperationException();
    }

    /** What is to be done now. Each thing is handed out once. */
    public Ready ready() {
        throw new UnsupportedOperationException();
    }

    /** All readies up to this number are durable. */
    public void persisted(long readyNumber) {
        throw new UnsupportedOperationException();
    }

    /** The state machine has applied up to this index. */
    public void applied(long index) {
        throw new UnsupportedOperationException();
    }

    /** The transport could not deliver to this peer: the leader goes back to probing it. */
    public void reportUnreachable(UUID peer) {
        throw new UnsupportedOperationException();
    }

    /** The driver finished or gave up sending a snapshot to this peer. */
    public void reportSnapshot(UUID peer, boolean delivered) {
        throw new UnsupportedOperationException();
    }

    public RaftStatus status() {
        throw new UnsupportedOperationException();
    }

    /** What became of a call of {@link #propose}. */
    public sealed interface Proposal {
        /** In the leader's log at {@code firstIndex ...}, of this term; committed when these indexes are applied with this term. */
        record Accepted(long firstIndex, long term) implements Proposal {}

        /** @param leader whom to ask, or null when unknown */
        record NotLeader(UUID leader) implements Proposal {}

        /** Too much is uncommitted, or leadership is being handed over. Nothing was appended. */
        record Busy() implements Proposal {}
    }
}
