package dev.quorate.server.driver;

import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipProposal;
import dev.quorate.raft.Message;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What the loop reacts to, beside its clock and the progress of the writer and the applier. */
sealed interface Event {
    record Received(Message message) implements Event {}

    record Propose(Proposal proposal) implements Event {}

    record Read(ReadTask task) implements Event {}

    record FollowerRead(ReadTask task, long maxStaleNanos) implements Event {}

    record ConnectionLost(UUID peer) implements Event {}

    record Transfer(UUID target) implements Event {}

    record ChangeMembership(Membership target, CompletableFuture<MembershipProposal> answer) implements Event {}

    record SnapshotSent(UUID peer, boolean delivered) implements Event {}
}
