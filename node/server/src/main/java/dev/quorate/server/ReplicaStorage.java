package dev.quorate.server;

import dev.quorate.api.Member;
import dev.quorate.log.LogOptions;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Membership;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import dev.quorate.store.StoreOptions;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a replica has on its disk, open: its state machine and its log, which fit together. */
record ReplicaStorage(Store store, WriteAheadLog log) {
    private static final int LOG_SEGMENTS = 4;
    /** Beside what the core itself keeps for followers in step, mostly the very same entries: see there why it is little. */
    private static final long LOG_CACHE_BYTES = 1 << 20;

    /**
     * Finishes the installation of a snapshot that a crash interrupted.
     *
     * @param founding the group's first members. One that joins starts as they did, so that the same log makes it the same
     * @throws IOException when the disk can't be used
     * @throws NodeStartException when what is on it does not fit together
     */
    static ReplicaStorage open(
            DataDirectory directory, List<Member> founding, Machine machine, NodeConfig.Limits limits)
            throws IOException, NodeStartException {
        Store store = openStore(directory, founding);
        return new ReplicaStorage(store, openLog(machine, directory, store, limits));
    }

    private static Store openStore(DataDirectory directory, List<Member> founding) throws NodeStartException {
        try {
            Store opened = Store.open(directory.store(), StoreOptions.defaults());
            if (opened.applied().membership().equals(Membership.NONE)) {
                opened.initialize(
                        Membership.ofVoters(founding.stream()
                                .map(member -> UUID.fromString(member.getId()))
                                .collect(Collectors.toSet())),
                        founding);
            }
            return opened;
        } catch (StoreException e) {
            throw new NodeStartException(
                    "the store in " + directory.store() + " can't be opened: " + e.getMessage()
                            + (e.kind() == StoreException.Kind.CORRUPT ? ": rebuild this replica from its peers" : ""),
                    e);
        }
    }

    private static WriteAheadLog openLog(
            Machine machine, DataDirectory directory, Store store, NodeConfig.Limits limits)
            throws IOException, NodeStartException {
        WriteAheadLog opened = null;
        try {
            opened = WriteAheadLog.open(
                    machine.log().open(directory.log()),
                    new LogOptions(limits.logBytes() / LOG_SEGMENTS, LOG_CACHE_BYTES, 1));
            SnapshotInstallation.recover(directory.installing(), opened, store);
            return opened;
        } catch (IOException | NodeStartException | RuntimeException e) {
            if (opened != null) {
                opened.close();
            }
            store.close();
            throw e;
        }
    }

    void close() throws IOException {
        store.close();
        log.close();
    }
}
