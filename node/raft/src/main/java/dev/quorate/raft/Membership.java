package dev.quorate.raft;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The members of a group (§6). A joint configuration has outgoing voters as well; then both majorities must agree.
 *
 * @param voters members whose votes count
 * @param outgoing voters of the configuration being left, empty unless joint
 * @param learners members that get the log but have no vote; in a joint configuration those that are outgoing too vote until it is left
 */
public record Membership(Set<UUID> voters, Set<UUID> outgoing, Set<UUID> learners) {
    public Membership {
        voters = Set.copyOf(voters);
        outgoing = Set.copyOf(outgoing);
        learners = Set.copyOf(learners);
    }

    /** Of a member that belongs to no group yet. */
    public static final Membership NONE = new Membership(Set.of(), Set.of(), Set.of());

    public static Membership ofVoters(Set<UUID> voters) {
        return new Membership(voters, Set.of(), Set.of());
    }

    public static Membership of(Set<UUID> voters, Set<UUID> learners) {
        return new Membership(voters, Set.of(), learners);
    }

    /** Whether the member's vote counts in the incoming or the outgoing majority. */
    public boolean isVoter(UUID member) {
        return voters.contains(member) || outgoing.contains(member);
    }

    /** Whether two majorities must agree (C<sub>old,new</sub>). */
    public boolean isJoint() {
        return !outgoing.isEmpty();
    }

    /** Everybody who gets the log, in an order that is the same everywhere. */
    public SortedSet<UUID> members() {
        SortedSet<UUID> members = new TreeSet<>(voters);
        members.addAll(outgoing);
        members.addAll(learners);
        return members;
    }

    /** The first step to a target: the joint configuration, or the target itself when the voters stay the same and no majority changes. */
    Membership enter(Membership target) {
        return target.voters.equals(voters) ? target : new Membership(target.voters, voters, target.learners);
    }

    /** What follows a joint configuration (C<sub>new</sub>). */
    Membership leave() {
        return new Membership(voters, Set.of(), learners);
    }
}
