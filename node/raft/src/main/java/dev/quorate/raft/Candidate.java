package dev.quorate.raft;

import dev.quorate.raft.Message.VoteResponse;

/** Asks for votes in a term of its own (§5.2). Its vote for itself counts once it is durable, like anybody's. */
final class Candidate extends Campaigner {
    private final boolean transfer;
    private boolean votedForSelf;

    /** @param transfer the leader told it to campaign */
    Candidate(Raft raft, boolean transfer) {
        super(raft);
        this.transfer = transfer;
    }

    @Override
    RaftStatus.Role name() {
        return RaftStatus.Role.CANDIDATE;
    }

    @Override
    void enter() {
        requestVotes(raft.term(), false, transfer);
    }

    @Override
    void onPersisted() {
        if (!votedForSelf && raft.hardStateIsDurable()) {
            votedForSelf = true;
            count(raft.id(), true);
        }
    }

    @Override
    void onVoteResponse(VoteResponse message) {
        if (!message.preVote()) {
            count(message.from(), message.granted());
        }
    }

    @Override
    void won() {
        raft.becomeLeader();
    }
}
