package dev.quorate.server.driver;

import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipProposal;
import dev.quorate.raft.Message;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What the loop is told beside messages and requests. Rare, and never dropped. */
sealed interface Order {
    /** A snapshot has arrived as a whole. */
    record SnapshotReceived(Message.InstallSnapshot message, Consumer<Boolean> onDecision) implements Order {}

    record SnapshotSent(UUID peer, boolean delivered) implements Order {}

    /** A connection to a peer broke. */
    record ConnectionLost(UUID peer) implements Order {}

    record Transfer(UUID target) implements Order {}

    record ChangeMembership(Membership target, CompletableFuture<MembershipProposal> answer) implements Order {}
}
