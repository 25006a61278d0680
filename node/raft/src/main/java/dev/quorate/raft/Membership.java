package dev.quorate.raft;

import java.util.Set;
import java.util.UUID;

/**
 * The members of a group (§6). A joint configuration has outgoing voters as well; then both majorities must agree.
 *
 * @param voters members whose votes count
 * @param outgoing voters of the configuration being left, empty unless joint
 * @param learners members that get the log but have no vote
 */
public record Membership(Set<UUID> voters, Set<UUID> outgoing, Set<UUID> learners) {
    public Membership {
        voters = Set.copyOf(voters);
        outgoing = Set.copyOf(outgoing);
        learners = Set.copyOf(learners);
    }

    public static final Membership NONE = new Membership(Set.of(), Set.of(), Set.of());

    public static Membership ofVoters(Set<UUID> voters) {
        return new Membership(voters, Set.of(), Set.of());
    }
}
