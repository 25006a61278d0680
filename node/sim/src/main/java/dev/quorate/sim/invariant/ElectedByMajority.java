package dev.quorate.sim.invariant;

import dev.quorate.raft.Membership;
import dev.quorate.raft.Message;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Who leads a term got votes for this term from a majority of its configuration, of both in a joint one (§5.2, §6); its own among them is on its disk. */
public final class ElectedByMajority implements Observer {
    private record Campaign(UUID candidate, long term) {}

    private final Map<Campaign, Set<UUID>> votes = new HashMap<>();
    private final Set<Campaign> checked = new HashSet<>();

    @Override
    public void received(Member member, Message message) {
        if (message instanceof VoteResponse response && response.granted() && !response.preVote()) {
            votes(new Campaign(member.id(), response.term())).add(response.from());
        }
    }

    @Override
    public void stepped(Member member) {
        Campaign campaign = new Campaign(member.id(), member.status().term());
        if (!member.isLeader() || !checked.add(campaign)) {
            return;
        }
        Set<UUID> voters = votes(campaign);
        var durable = member.durableState();
        if (durable.term() == campaign.term && member.id().equals(durable.votedFor())) {
            voters.add(member.id());
        }
        Membership membership = member.status().membership();
        if (!isMajority(voters, membership.voters()) || !isMajority(voters, membership.outgoing())) {
            throw new Violation(
                    "elected by a majority",
                    member + " leads term " + campaign.term + " of " + membership + " by the votes of " + voters);
        }
    }

    private Set<UUID> votes(Campaign campaign) {
        return votes.computeIfAbsent(campaign, each -> new HashSet<>());
    }

    private static boolean isMajority(Set<UUID> votes, Set<UUID> configuration) {
        return configuration.isEmpty()
                || configuration.stream().filter(votes::contains).count() > configuration.size() / 2;
    }
}
