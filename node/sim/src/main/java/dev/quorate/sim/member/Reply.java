package dev.quorate.sim.member;

import dev.quorate.store.ApplyResult;
import dev.quorate.store.Versioned;
import java.util.UUID;

/** What a member answers to a client. */
public sealed interface Reply {
    /** The command was applied at this index. */
    record Applied(long index, ApplyResult result) implements Reply {}

    /** The key's value, or null, in a state at an index. */
    record Value(long index, Versioned value) implements Reply {}

    /**
     * Nothing took effect, nothing was read.
     *
     * @param leader whom to ask, or null when unknown
     */
    record Refused(UUID leader) implements Reply {}

    /** The group does not own the shard: nothing was read. */
    record NotOwner() implements Reply {}

    /** The member lost track of the command. */
    record Unknown() implements Reply {}
}
