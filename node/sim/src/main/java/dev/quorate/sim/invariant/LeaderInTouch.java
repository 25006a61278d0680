package dev.quorate.sim.invariant;

import dev.quorate.raft.Membership;
import dev.quorate.raft.Message;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.member.Surroundings;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A leader that a majority has not answered for two election timeouts of its own clock is a leader no more (check-quorum, §6.2 of the dissertation).
 * Nothing is unsafe about one that stays, but it holds its clients' requests for nothing.
 */
public final class LeaderInTouch implements Observer {
    private static final int MAX_SILENCE_TICKS = 2 * Surroundings.ELECTION_TICKS;

    /** A member's leadership of one term, with one configuration: those that a change brings in have as much time as it begins with. */
    private static final class Reign {
        final long term;
        final int life;
        final Membership membership;
        long ticks;
        final Map<UUID, Long> answeredAt = new HashMap<>();

        Reign(Member leader) {
            term = leader.status().term();
            life = leader.life();
            membership = leader.status().membership();
        }

        boolean goesOn(Member leader) {
            return term == leader.status().term()
                    && life == leader.life()
                    && membership.equals(leader.status().membership());
        }
    }

    private final Map<Member, Reign> reigns = new HashMap<>();

    @Override
    public void received(Member member, Message message) {
        if (member.isLeader()
                && message instanceof AppendResponse
                && message.term() == member.status().term()) {
            Reign reign = reign(member);
            reign.answeredAt.put(message.from(), reign.ticks);
        }
    }

    @Override
    public void ticked(Member member) {
        if (!member.isLeader()) {
            return;
        }
        Reign reign = reign(member);
        reign.ticks++;
        if (reign.ticks > MAX_SILENCE_TICKS
                && !(inTouch(member, reign, reign.membership.voters())
                        && inTouch(member, reign, reign.membership.outgoing()))) {
            throw new Violation(
                    "leaders in touch",
                    member + " leads term " + reign.term + ", and no majority has answered it for " + MAX_SILENCE_TICKS
                            + " ticks");
        }
    }

    private Reign reign(Member member) {
        Reign reign = reigns.get(member);
        if (reign == null || !reign.goesOn(member)) {
            reign = new Reign(member);
            reigns.put(member, reign);
        }
        return reign;
    }

    private static boolean inTouch(Member leader, Reign reign, Set<UUID> voters) {
        long heard = voters.stream()
                .filter(voter -> voter.equals(leader.id())
                        || reign.ticks - reign.answeredAt.getOrDefault(voter, 0L) <= MAX_SILENCE_TICKS)
                .count();
        return voters.isEmpty() || heard > voters.size() / 2;
    }
}
