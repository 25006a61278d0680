package dev.quorate.sim.member;

import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.MemoryStorage;
import dev.quorate.store.Store;
import java.util.SplittableRandom;

/** What the disk keeps of a member's state machine: the rows as flushed, and the mark of a snapshot's installation. */
final class StateDisk {
    private static final int BATCHES_BEFORE_FLUSH_MAX = 40;

    private final MemoryStorage storage;
    private final Membership first;
    /** Surrounds the replacement of state machine and log by a snapshot, or is null. */
    SnapshotMeta installing;

    /** @param first members of the group, of one that is founded; none, of a member that joins later */
    StateDisk(Membership first, SplittableRandom random) {
        this.first = first;
        storage = new MemoryStorage(1 + random.nextInt(BATCHES_BEFORE_FLUSH_MAX));
    }

    Store open() {
        Store store = Store.open(storage);
        if (!first.equals(Membership.NONE) && store.applied().membership().equals(Membership.NONE)) {
            store.initialize(first);
        }
        return store;
    }

    void install(Store store, MemoryStorage.Image image) {
        store.install(image.meta(), () -> storage.stage(image));
    }

    /** The process dies with what was not flushed. */
    void crash(SplittableRandom random) {
        storage.crash(random.nextBoolean());
    }
}
