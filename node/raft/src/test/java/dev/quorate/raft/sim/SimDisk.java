package dev.quorate.raft.sim;

import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.MemoryLog;
import dev.quorate.raft.Ready;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/** What a crash leaves of a member: its hard state, log and state machine as far as they were written. */
final class SimDisk {
    /** A ready to be written, with the state of its snapshot if it has one. */
    private record Write(Ready ready, StateMachine snapshotState) {}

    final MemoryLog log = new MemoryLog();
    private final Deque<Write> pending = new ArrayDeque<>();
    private HardState hardState = HardState.INITIAL;
    private StateMachine flushed = StateMachine.EMPTY;

    HardState hardState() {
        return hardState;
    }

    StateMachine flushed() {
        return flushed;
    }

    void enqueue(Ready ready, StateMachine snapshotState) {
        pending.add(new Write(ready, snapshotState));
    }

    boolean isIdle() {
        return pending.isEmpty();
    }

    /** The last ready that waits to be written. */
    long lastPending() {
        return pending.getLast().ready().number();
    }

    boolean hasPendingUpTo(long number) {
        return !pending.isEmpty() && pending.getFirst().ready().number() <= number;
    }

    /** Makes the oldest write durable. */
    Ready writeOne() {
        Write write = pending.remove();
        write(write, write.ready().entries().size());
        return write.ready();
    }

    private void write(Write write, int entryCount) {
        Ready ready = write.ready();
        if (ready.hardState() != null) {
            hardState = ready.hardState();
        }
        if (ready.snapshot() != null) {
            log.install(ready.snapshot());
            flushed = write.snapshotState();
        }
        log.append(ready.entries().subList(0, entryCount));
    }

    /** What was not confirmed is lost, or only its confirmation is; the write in the middle is torn. */
    void crash(SplittableRandom random) {
        int survivors = random.nextInt(pending.size() + 1);
        for (int i = 0; i < survivors; i++) {
            writeOne();
        }
        if (!pending.isEmpty() && random.nextBoolean()) {
            List<Entry> entries = pending.element().ready().entries();
            write(pending.element(), entries.isEmpty() ? 0 : random.nextInt(entries.size()));
        }
        pending.clear();
    }

    /** Makes the state machine durable; from then on the log may be compacted up to there. */
    void flush(StateMachine state) {
        if (state.index() > flushed.index()) {
            flushed = state;
        }
    }

    void compactTo(long index) {
        if (index >= log.firstIndex() && index <= flushed.index()) {
            log.compactTo(index);
        }
    }

    /** Whether this entry survives a crash, be it in a snapshot. */
    boolean holds(long index, long term) {
        return index < log.firstIndex() || (index <= log.lastIndex() && log.term(index) == term);
    }
}
