package dev.quorate.raft.sim;

import dev.quorate.raft.Entry;
import java.util.Arrays;

/**
 * The state after applying a prefix of the log, as a digest of all its entries: two are equal exactly when the same entries made them.
 *
 * @param index last entry applied
 */
record StateMachine(long index, long digest) {
    static final StateMachine EMPTY = new StateMachine(0, 0);

    StateMachine apply(Entry entry) {
        if (entry.index() != index + 1) {
            throw new Violation("state machine safety", "entry " + entry.index() + " applied after " + index);
        }
        long mixed = (digest
                        ^ Arrays.hashCode(entry.data())
                        ^ (entry.term() << 32)
                        ^ entry.type().ordinal())
                * 0x9E3779B97F4A7C15L;
        return new StateMachine(entry.index(), mixed ^ (mixed >>> 29));
    }
}
