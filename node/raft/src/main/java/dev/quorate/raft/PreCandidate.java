package dev.quorate.raft;

import dev.quorate.raft.Message.RequestVote;
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

    /**
     * Two that ask at the same time, as when their leader's connections broke, could split the vote of the next term between them. One of them gives
     * way: that with the shorter log, else that with the smaller id. A vote was not granted to a log that is behind this one.
     */
    @Override
    void onPreVoteGranted(RequestVote request) {
        boolean sameLog =
                raft.log().lastIndex() == request.lastLogIndex() && raft.log().lastTerm() == request.lastLogTerm();
        if (!sameLog || request.from().compareTo(raft.id()) > 0) {
            raft.becomeFollower(raft.term(), null);
        }
    }

    @Override
    void won() {
        raft.becomeCandidate(false);
    }
}
