package dev.quorate.raft;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Message.RequestVote;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What a candidate and its dry run have in common: votes, and a time-out after which the campaign starts again. */
abstract sealed class Campaigner extends Role permits PreCandidate, Candidate {
    private final Map<UUID, Boolean> votes = new HashMap<>();
    private final int electionTimeoutTicks;
    private int ticks;

    Campaigner(Raft raft) {
        super(raft);
        this.electionTimeoutTicks = raft.randomElectionTicks();
    }

    /** A quorum granted its votes. */
    abstract void won();

    @Override
    void tick() {
        ticks++;
        if (ticks >= electionTimeoutTicks) {
            // Split vote or nobody there (§5.2). A new random time-out makes another split unlikely.
            raft.campaign();
        }
    }

    @Override
    int ticksUntilAction() {
        return electionTimeoutTicks - ticks;
    }

    /** Somebody else has won this term (§5.2, rules for candidates). */
    @Override
    void onAppendEntries(AppendEntries message) {
        raft.becomeFollower(raft.term(), message.from()).onAppendEntries(message);
    }

    @Override
    void onInstallSnapshot(InstallSnapshot message) {
        raft.becomeFollower(raft.term(), message.from()).onInstallSnapshot(message);
    }

    /** The first answer of a voter counts. */
    void count(UUID voter, boolean granted) {
        votes.putIfAbsent(voter, granted);
        switch (Quorum.tally(raft.membership(), votes)) {
            case WON -> won();
            case LOST -> raft.becomeFollower(raft.term(), null);
            case PENDING -> {}
        }
    }

    void requestVotes(long term, boolean preVote, boolean transfer) {
        for (UUID voter : raft.membership().members()) {
            if (!voter.equals(raft.id()) && raft.membership().isVoter(voter)) {
                RequestVote request = new RequestVote(
                        raft.id(),
                        voter,
                        term,
                        raft.log().lastIndex(),
                        raft.log().lastTerm(),
                        preVote,
                        transfer);
                if (preVote) {
                    raft.send(request);
                } else {
                    // A term that a crash could take back might be campaigned for twice, with two logs.
                    raft.sendAfterPersist(request);
                }
            }
        }
    }
}
