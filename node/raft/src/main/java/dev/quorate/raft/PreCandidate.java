package dev.quorate.raft;

import dev.quorate.raft.Message.VoteResponse;

/**
 * Asks whether it could win an election, before it disturbs anybody by a new term (pre-vote, §9.6 of the dissertation). Its own vote needs no
 * disk: nothing is promised yet.
 */
final class PreCandidate extends Campaigner {
    PreCandidate(Raft raft) {
        super(raft);
    }

    @Override
    RaftStatus.Role name() {
        return RaftStatus.Role.PRE_CANDIDATE;
    }

    @Override
    void enter() {
        requestVotes(raft.term() + 1, true, false);
        count(raft.id(), true);
    }

    @Override
    void onVoteResponse(VoteResponse message) {
        // A grant carries the term it was asked for; one of an earlier attempt says nothing.
        if (message.preVote() && (!message.granted() || message.term() == raft.term() + 1)) {
            count(message.from(), message.granted());
        }
    }

    @Override
    void won() {
        raft.becomeCandidate(false);
    }
}
