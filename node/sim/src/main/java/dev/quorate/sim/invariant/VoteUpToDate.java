package dev.quorate.sim.invariant;

import dev.quorate.raft.Message;
import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.sim.member.LogImage;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Votes and pre-votes go only to candidates whose log is at least as up-to-date as the voter's own (§5.4.1; §9.6 of the dissertation). For a pre-vote
 * no other invariant would notice: a member that lags would win its dry run and depose a leader for nothing.
 */
public final class VoteUpToDate implements Observer {
    private record Asked(UUID voter, UUID candidate, long term, boolean preVote) {}

    private final Set<Asked> grantable = new HashSet<>();

    @Override
    public void received(Member member, Message message) {
        // Later in a turn the core's log may be ahead of its image.
        if (message instanceof RequestVote request
                && (!member.coreLogIsCurrent() || isUpToDate(request, member.coreLog()))) {
            grantable.add(new Asked(member.id(), request.from(), request.term(), request.preVote()));
        }
    }

    private static boolean isUpToDate(RequestVote request, LogImage log) {
        return request.lastLogTerm() > log.lastTerm()
                || request.lastLogTerm() == log.lastTerm() && request.lastLogIndex() >= log.lastIndex();
    }

    @Override
    public void sent(Member member, Message message) {
        if (message instanceof VoteResponse response
                && response.granted()
                && !grantable.contains(new Asked(member.id(), response.to(), response.term(), response.preVote()))) {
            throw new Violation(
                    "up-to-date votes", member + " grants " + response + " to a log that is behind its own");
        }
    }
}
