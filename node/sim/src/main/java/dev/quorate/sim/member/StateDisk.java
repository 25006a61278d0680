package dev.quorate.sim.member;

import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.MemoryStorage;
import dev.quorate.store.Store;
import java.util.SplittableRandom;

/** What the disk keeps of a member's state machine: the rows as flushed, and the mark of a snapshot's installation. */
final class StateDisk {
    private final MemoryStorage storage = new MemoryStorage();
    private final Membership first;
    /** Surrounds the replacement of state machine and log by a snapshot, or is null. */
    SnapshotMeta installing;

    /** @param first members of the group, of one that is founded; none, of a member that joins later */
    StateDisk(Membership first) {
        this.first = first;
    }

    Store open() {
        Store store = Store.open(storage);
        if (!first.equals(Membership.NONE) && store.applied().membership().equals(Membership.NONE)) {
            store.initialize(first);
        }
        return store;
    }

    MemoryStorage.Image image() {
        return storage.image();
    }

    void install(Store store, MemoryStorage.Image image) {
        store.install(image.meta(), () -> storage.stage(image));
    }

    /** The process dies with the batches that were not flushed, but for some of the first. */
    void crash(SplittableRandom random) {
        storage.crash(random.nextInt(storage.unflushedBatches() + 1));
    }
}
