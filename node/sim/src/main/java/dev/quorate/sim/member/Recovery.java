package dev.quorate.sim.member;

import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.Store;
import java.io.IOException;
import java.util.List;

/** What a start finds on the disk: completes a snapshot's installation that was cut short, and checks that what was durable is there. */
final class Recovery {
    private Recovery() {}

    static LogImage imageOf(WriteAheadLog log) {
        long base = log.firstIndex() - 1;
        LogImage image = new LogImage(base, log.term(base));
        for (long index = base + 1; index <= log.lastIndex(); index++) {
            image.put(index, log.term(index));
        }
        return image;
    }

    /** Returns all entries of the log. */
    static List<Entry> recover(Member member, WriteAheadLog log, Store store) throws IOException {
        completeInstallation(member.disk().state(), log, store);
        SnapshotMeta applied = store.applied();
        boolean fits = applied.index() >= log.firstIndex() - 1
                && applied.index() <= log.lastIndex()
                && log.term(applied.index()) == applied.term();
        if (!fits) {
            throw new Violation(
                    "log and state fit",
                    member + " has applied " + applied.index() + " of term " + applied.term() + ", and a log of "
                            + log.firstIndex() + " to " + log.lastIndex());
        }
        return log.firstIndex() > log.lastIndex()
                ? List.of()
                : log.entries(log.firstIndex(), log.lastIndex() + 1, Integer.MAX_VALUE);
    }

    private static void completeInstallation(StateDisk disk, WriteAheadLog log, Store store) throws IOException {
        SnapshotMeta applied = store.applied();
        if (disk.installing != null) {
            if (disk.installing.index() == applied.index() && disk.installing.term() == applied.term()) {
                // No vote of the snapshot's term can have left this member before its hard state was durable.
                boolean behind = log.hardState().term() < applied.term();
                log.reset(applied, behind ? new HardState(applied.term(), null) : null);
            }
            disk.installing = null;
        }
    }
}
