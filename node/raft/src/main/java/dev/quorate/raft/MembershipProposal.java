package dev.quorate.raft;

import java.util.Set;
import java.util.UUID;

/** What became of a call of {@link Raft#proposeMembership}. Only after {@link Accepted} anything was appended. */
public sealed interface MembershipProposal {
    /**
     * The change is in the leader's log, at this index and term, and in effect. It is done when {@link RaftStatus#membership} is the target and {@link
     * RaftStatus#membershipSettled}; lost with leadership it may be reverted.
     */
    record Accepted(long index, long term) implements MembershipProposal {}

    /** The group is what was asked for already, and that is committed. */
    record Unchanged() implements MembershipProposal {}

    /** @param leader whom to ask, or null when unknown */
    record NotLeader(UUID leader) implements MembershipProposal {}

    /** An earlier change is not done: try again when it is. */
    record ChangeInProgress() implements MembershipProposal {}

    /**
     * New voters must be learners first, and hold the log but for its newest part: try again when they do.
     *
     * @param members those that are not that far
     */
    record NotCaughtUp(Set<UUID> members) implements MembershipProposal {
        public NotCaughtUp {
            members = Set.copyOf(members);
        }
    }

    /** The leader has not committed an entry of its term yet, or hands leadership over: try again soon. */
    record Busy() implements MembershipProposal {}
}
