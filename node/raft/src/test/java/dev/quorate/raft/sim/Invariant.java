package dev.quorate.raft.sim;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Ready;

/** A property that holds at every moment; implementations throw {@link Violation} when it does not. */
interface Invariant {
    /** A member's log changes by these entries. */
    default void onReady(SimMember member, Ready ready) {}

    /** A member's state machine moved by this entry. */
    default void onApplied(SimMember member, Entry entry) {}

    /** A member's state machine was replaced by a snapshot's. */
    default void onInstalled(SimMember member) {}

    default void onReadAccepted(SimMember member, long requestId) {}

    default void onReadAnswered(long requestId, long index) {}

    default void onReadLost(long requestId) {}

    /** Something happened to this member. */
    default void afterStep(SimMember member) {}

    /** Something happened to this member, and all that it did to its log was handed out: {@link SimMember#memory} is what the core has. */
    default void afterReadies(SimMember member) {}

    /** Faults have long stopped, and nothing new is asked for. */
    default void atEnd() {}
}
