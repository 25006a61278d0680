package dev.quorate.sim.member;

import dev.quorate.log.LogFullException;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.SnapshotMeta;
import java.io.IOException;

/** Keeps a log short, but for a tail of random length; never past what the store has durably flushed. */
final class Compaction {
    private static final int LOOK_EVERY_MILLIS = 100;

    private final Process process;
    private final WriteAheadLog log;
    private final Surroundings surroundings;

    Compaction(Process process, WriteAheadLog log, Surroundings surroundings) {
        this.process = process;
        this.log = log;
        this.surroundings = surroundings;
    }

    void schedule() {
        process.later(1 + surroundings.random.nextInt(LOOK_EVERY_MILLIS), () -> {
            compact();
            schedule();
        });
    }

    private void compact() throws IOException {
        long entries = log.lastIndex() - log.firstIndex() + 1;
        if (entries <= surroundings.pace.compactEntries()) {
            return;
        }
        long flushed = process.store().flush();
        long upTo = Math.min(flushed, log.lastIndex() - surroundings.random.nextLong(entries));
        if (upTo >= log.firstIndex()) {
            try {
                log.compact(new SnapshotMeta(
                        upTo, log.term(upTo), process.store().applied().membership()));
            } catch (LogFullException e) {
                // It stays as long as it is until there is space.
            }
        }
    }
}
