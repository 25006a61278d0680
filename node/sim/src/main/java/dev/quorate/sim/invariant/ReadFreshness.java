package dev.quorate.sim.invariant;

import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;

/** A read sees everything that was committed anywhere when it was asked for (ReadIndex, §6.4 of the dissertation), and is answered or given up, once. */
public final class ReadFreshness implements Observer {
    private record Read(Member member, int life, long id) {}

    private final CommitHistory history;
    /** What was committed when it was asked for. */
    private final Map<Read, Long> waiting = new HashMap<>();

    public ReadFreshness(CommitHistory history) {
        this.history = history;
    }

    @Override
    public void readAsked(Member member, long readId) {
        waiting.put(new Read(member, member.life(), readId), history.lastIndex());
    }

    @Override
    public void readConfirmed(Member member, long readId, long index) {
        long committed = take(member, readId);
        if (index < committed) {
            throw new Violation(
                    "fresh reads",
                    member + " is to answer a read at index " + index + ", but " + committed
                            + " was committed before it was asked for");
        }
    }

    @Override
    public void readLost(Member member, long readId) {
        take(member, readId);
    }

    private long take(Member member, long readId) {
        Long committed = waiting.remove(new Read(member, member.life(), readId));
        if (committed == null) {
            throw new Violation("reads are answered once", member + " answers read " + readId + " again");
        }
        return committed;
    }

    @Override
    public void atEnd() {
        waiting.forEach((read, committed) -> {
            // Those of a process that died went with it.
            if (read.member.isUp() && read.life == read.member.life()) {
                throw new Violation("reads are answered once", "read " + read.id + " of " + read.member + " never is");
            }
        });
    }
}
