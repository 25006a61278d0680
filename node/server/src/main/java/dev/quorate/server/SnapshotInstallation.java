package dev.quorate.server;

import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.HardState;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.driver.SnapshotInstaller;
import dev.quorate.server.proto.Installing;
import dev.quorate.server.snapshot.SnapshotReceiver;
import dev.quorate.store.Checkpoint;
import dev.quorate.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Puts a received snapshot in the place of the store's content and of the log. A mark on disk surrounds the two, so that a log which does not fit
 * its store is either this, cut short, and completed at the next start, or damage.
 */
final class SnapshotInstallation implements SnapshotInstaller {
    private final Path mark;
    private final WriteAheadLog log;
    private final Store store;
    private final SnapshotReceiver received;
    /** Replaces the state machine's content between two entries. */
    private final Function<Checkpoint, CompletableFuture<Void>> inStore;

    SnapshotInstallation(
            Path mark,
            WriteAheadLog log,
            Store store,
            SnapshotReceiver received,
            Function<Checkpoint, CompletableFuture<Void>> inStore) {
        this.mark = mark;
        this.log = log;
        this.store = store;
        this.received = received;
        this.inStore = inStore;
    }

    @Override
    public void install(SnapshotMeta meta, HardState hardState) throws IOException, InterruptedException {
        if (store.applied().index() < meta.index()) {
            AtomicFile.write(
                    mark,
                    Installing.newBuilder()
                            .setIndex(meta.index())
                            .setTerm(meta.term())
                            .build()
                            .toByteArray());
            try {
                inStore.apply(received.take(meta)).get();
            } catch (ExecutionException e) {
                throw new IOException(
                        "the snapshot could not be installed: " + e.getCause().getMessage(), e.getCause());
            }
        }
        log.reset(meta, hardState);
        AtomicFile.delete(mark);
    }

    /** Completes what a crash cut short, then checks that log and store belong together. */
    static void recover(Path mark, WriteAheadLog log, Store store) throws IOException, NodeStartException {
        SnapshotMeta applied = store.applied();
        byte[] bytes = AtomicFile.read(mark);
        if (bytes != null) {
            Installing installing = Installing.parseFrom(bytes);
            if (installing.getIndex() == applied.index() && installing.getTerm() == applied.term()) {
                // No vote of the snapshot's term can have left this member before its hard state was durable.
                boolean behind = log.hardState().term() < applied.term();
                log.reset(applied, behind ? new HardState(applied.term(), null) : null);
            }
            AtomicFile.delete(mark);
        }
        boolean fits = applied.index() >= log.firstIndex() - 1
                && applied.index() <= log.lastIndex()
                && log.term(applied.index()) == applied.term();
        if (!fits) {
            throw new NodeStartException("the log (entries " + log.firstIndex() + " to " + log.lastIndex()
                    + ") does not fit the store, which has applied entry " + applied.index() + " of term "
                    + applied.term() + ": a part of the data directory is missing or of another time."
                    + " Rebuild this replica from its peers: remove the member, empty its directory, add it anew");
        }
    }
}
