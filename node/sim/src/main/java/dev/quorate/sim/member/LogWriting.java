package dev.quorate.sim.member;

import dev.quorate.log.LogFullException;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.Ready;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.MemoryStorage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Makes readies durable: appends all that wait, syncs once, and only then lets their messages go. */
final class LogWriting {
    private static final int FULL_DISK_PAUSE_MILLIS = 20;
    /** A power failure that is to hit a term or a vote comes within so many operations of the disk: the write, or the force after it. */
    private static final int TORN_WITHIN_OPERATIONS = 3;

    private final Process process;
    private final Member member;
    private final WriteAheadLog log;
    private final Deque<Ready> queue = new ArrayDeque<>();
    private final List<Ready> batch = new ArrayList<>();
    /** Changes of the log that were written and are not synced. */
    private final List<Entry> unsynced = new ArrayList<>();

    private final LogImage durable;
    private HardState writtenState;
    private boolean busy;

    /** @param durable what the log holds; changed with every sync */
    LogWriting(Process process, Member member, WriteAheadLog log, LogImage durable) {
        this.process = process;
        this.member = member;
        this.log = log;
        this.durable = durable;
        this.writtenState = log.hardState();
    }

    void add(Ready ready) {
        queue.add(ready);
        if (!busy) {
            busy = true;
            process.later(0, this::begin);
        }
    }

    private void begin() throws IOException {
        while (!queue.isEmpty()) {
            Ready ready = queue.element();
            if (ready.hardState() != null
                    && surroundings().happens(surroundings().pace.tornStatePerMille())) {
                member.disk().losePowerWithin(TORN_WITHIN_OPERATIONS);
            }
            try {
                append(ready);
            } catch (LogFullException e) {
                // Nothing was written; what was appended before waits as well.
                process.later(FULL_DISK_PAUSE_MILLIS, this::begin);
                return;
            }
            batch.add(queue.remove());
        }
        long stalled = Math.max(
                0, member.disk().stalledUntil() - surroundings().timeline.now());
        process.later(
                stalled + surroundings().random.nextInt(surroundings().pace.maxSyncMillis()), this::sync);
    }

    private void append(Ready ready) throws IOException {
        if (ready.snapshot() != null) {
            install(ready.snapshot(), ready.hardState());
        }
        if (ready.hardState() != null || !ready.entries().isEmpty()) {
            member.written(ready.entries());
            log.append(ready.hardState(), ready.entries());
        }
        unsynced.addAll(ready.entries());
        if (ready.hardState() != null) {
            writtenState = ready.hardState();
        }
    }

    /** The mark on disk surrounds the replacement of the two, so that a crash in the middle is noticed and completed at the next start. */
    private void install(SnapshotMeta meta, HardState hardState) throws IOException {
        if (process.store().applied().index() < meta.index()) {
            member.disk().state().installing = meta;
            MemoryStorage.Image image = process.snapshots().take(meta);
            process.applying().install(image);
        }
        member.replacing(meta);
        log.reset(meta, hardState);
        member.disk().state().installing = null;
        unsynced.clear();
        durable.reset(meta.index(), meta.term());
        if (hardState != null) {
            writtenState = hardState;
        }
        synced();
    }

    private void sync() throws IOException {
        log.sync();
        synced();
        for (Ready ready : batch) {
            ready.messagesAfterPersist().forEach(process::send);
        }
        process.durable(batch.getLast().number());
        batch.clear();
        busy = !queue.isEmpty();
        if (busy) {
            process.later(0, this::begin);
        }
    }

    private void synced() {
        for (Entry entry : unsynced) {
            durable.put(entry.index(), entry.term());
        }
        unsynced.clear();
        member.synced(writtenState);
        surroundings().tell(observer -> observer.synced(member));
    }

    private Surroundings surroundings() {
        return member.surroundings();
    }
}
