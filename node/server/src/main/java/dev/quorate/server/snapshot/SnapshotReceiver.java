package dev.quorate.server.snapshot;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.raft.Membership;
import dev.quorate.raft.Message;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.OfferSnapshot;
import dev.quorate.server.proto.SnapshotChunk;
import dev.quorate.server.proto.SnapshotFile;
import dev.quorate.server.proto.SnapshotPosition;
import dev.quorate.server.transport.MemberIds;
import dev.quorate.store.Checkpoint;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The follower's side: gathers one snapshot at a time; a new offer takes the place of an unfinished one, unless it is the same. */
public final class SnapshotReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotReceiver.class);
    /** Snapshots that the core was given and may still decide to install. */
    private static final int COMPLETE_MAX = 2;

    private final UUID self;
    private final Path directory;
    private final SnapshotFiles files;
    private final BiConsumer<Message.InstallSnapshot, Consumer<Boolean>> core;
    private final Consumer<Checkpoint> verifier;
    private final LongSupplier appliedIndex;

    private Incoming incoming;
    /** What was completed last: its sender may not know it yet, and ask again. */
    private OfferSnapshot completeOffer;
    /**
     * By index: those that the core was given. It may have decided to install one, and wait for the disk, while the next one arrives; so they stay until
     * the state machine is as far, one of a higher index is taken, or the core has refused them. Offers are refused when there are too many.
     */
    private final TreeMap<Long, Checkpoint> complete = new TreeMap<>();
    /** Those that the core will not install. It says so on a thread that must not wait for this class's lock. */
    private final Set<Checkpoint> refused = ConcurrentHashMap.newKeySet();

    /** The one that is being installed, or was last: its directory is the store's. */
    private long takenIndex;

    private long lastNumber;

    /**
     * @param core takes the message once everything is there, and says whether it may install the snapshot: false when it never will
     * @param appliedIndex of the state machine
     */
    public SnapshotReceiver(
            UUID self,
            Path directory,
            BiConsumer<Message.InstallSnapshot, Consumer<Boolean>> core,
            LongSupplier appliedIndex) {
        this(self, directory, SnapshotFiles.onDisk(), core, Store::verify, appliedIndex);
    }

    /** @param verifier of what is complete; throws a {@link StoreException} when it is not what was sent */
    public SnapshotReceiver(
            UUID self,
            Path directory,
            SnapshotFiles files,
            BiConsumer<Message.InstallSnapshot, Consumer<Boolean>> core,
            Consumer<Checkpoint> verifier,
            LongSupplier appliedIndex) {
        this.self = self;
        this.directory = directory;
        this.files = files;
        this.core = core;
        this.verifier = verifier;
        this.appliedIndex = appliedIndex;
        files.delete(directory);
    }

    private static final class Incoming {
        private final OfferSnapshot offer;
        private final Path directory;
        private int file;
        private long offset;

        Incoming(OfferSnapshot offer, Path directory) {
            this.offer = offer;
            this.directory = directory;
        }

        SnapshotPosition position() {
            return SnapshotPosition.newBuilder().setFile(file).setOffset(offset).build();
        }

        boolean isComplete() {
            return file == offer.getFilesCount();
        }

        void skipFinishedFiles() {
            while (file < offer.getFilesCount()
                    && offset >= offer.getFiles(file).getSizeBytes()) {
                file++;
                offset = 0;
            }
        }
    }

    public synchronized SnapshotPosition offer(OfferSnapshot offer) throws IOException {
        if (incoming == null && offer.equals(completeOffer)) {
            return SnapshotPosition.newBuilder().setFile(offer.getFilesCount()).build();
        }
        if (incoming == null || !incoming.offer.equals(offer)) {
            discard();
            makeRoom();
            Path target = directory.resolve("in-" + ++lastNumber);
            List<String> names =
                    offer.getFilesList().stream().map(SnapshotFile::getName).toList();
            if (!names.stream()
                    .allMatch(name -> name.equals(Path.of(name).getFileName().toString()))) {
                throw invalid("a snapshot's file has a directory in its name");
            }
            files.create(target, names);
            incoming = new Incoming(offer, target);
            incoming.skipFinishedFiles();
        }
        return incoming.position();
    }

    /** A chunk that is damaged or not the next one changes nothing: the answer says which one is. */
    public synchronized SnapshotPosition chunk(SnapshotChunk chunk) throws IOException {
        Incoming into = expect(chunk.getTransfer());
        if (into.isComplete() || chunk.getFile() != into.file || chunk.getOffset() != into.offset) {
            return into.position();
        }
        byte[] data = chunk.getData().toByteArray();
        CRC32C crc = new CRC32C();
        crc.update(data);
        SnapshotFile file = into.offer.getFiles(into.file);
        if ((int) crc.getValue() != chunk.getCrc32C()) {
            LOG.warn("event=snapshot_chunk_damaged file={} offset={}", file.getName(), into.offset);
            return into.position();
        }
        if (into.offset + data.length > file.getSizeBytes()) {
            throw invalid("a chunk of the snapshot goes beyond its file");
        }
        files.write(into.directory.resolve(file.getName()), data, into.offset);
        into.offset += data.length;
        into.skipFinishedFiles();
        return into.position();
    }

    /**
     * Verifies the snapshot and gives it to the core, which takes it or, when it is of no use any more, does not. One that is not what was sent is
     * thrown away. The same again is accepted.
     */
    public synchronized void finish(long transfer) {
        if (incoming == null && completeOffer != null && completeOffer.getTransfer() == transfer) {
            return;
        }
        Incoming done = expect(transfer);
        if (!done.isComplete()) {
            throw invalid("the snapshot is not complete");
        }
        List<Checkpoint.CheckpointFile> sent = done.offer.getFilesList().stream()
                .map(f -> new Checkpoint.CheckpointFile(
                        f.getName(), f.getSizeBytes(), Integer.toUnsignedLong(f.getCrc32C())))
                .toList();
        Checkpoint received = new Checkpoint(meta(done.offer), done.directory, sent);
        try {
            verifier.accept(received);
        } catch (StoreException e) {
            discard();
            throw invalid("the snapshot is not what was sent: " + e.getMessage());
        }
        drop(received.meta().index());
        complete.put(received.meta().index(), received);
        completeOffer = done.offer;
        incoming = null;
        core.accept(
                new Message.InstallSnapshot(
                        MemberIds.decode(done.offer.getFrom()), self, done.offer.getRaftTerm(), received.meta()),
                mayInstall -> {
                    if (!mayInstall) {
                        refused.add(received);
                    }
                });
    }

    /** What the state machine has passed is not installed any more; what is left may be waiting for the disk. */
    private void makeRoom() {
        complete.values().stream()
                .filter(refused::remove)
                .map(checkpoint -> checkpoint.meta().index())
                .toList()
                .forEach(this::drop);
        refused.retainAll(complete.values());
        long applied = appliedIndex.getAsLong();
        while (!complete.isEmpty() && complete.firstKey() <= applied) {
            drop(complete.firstKey());
        }
        if (complete.size() >= COMPLETE_MAX) {
            throw RequestException.of(
                    Error.Code.BUSY,
                    Effect.NOT_APPLIED,
                    complete.size() + " snapshots wait to be installed: this member's disk is slow");
        }
    }

    private void drop(long index) {
        Checkpoint dropped = complete.remove(index);
        if (index == takenIndex) {
            takenIndex = 0;
        } else if (dropped != null) {
            files.delete(dropped.directory());
        }
    }

    /** What the core decided to install. */
    public synchronized Checkpoint take(SnapshotMeta meta) throws IOException {
        Checkpoint wanted = complete.get(meta.index());
        if (wanted == null || !wanted.meta().equals(meta)) {
            throw new IOException("the snapshot at index " + meta.index() + " is gone");
        }
        while (complete.firstKey() < meta.index()) {
            drop(complete.firstKey());
        }
        takenIndex = meta.index();
        return wanted;
    }

    private Incoming expect(long transfer) {
        if (incoming == null || incoming.offer.getTransfer() != transfer) {
            throw invalid(
                    "this snapshot is not being received: another one was offered since, or the member restarted");
        }
        return incoming;
    }

    private void discard() {
        if (incoming != null) {
            files.delete(incoming.directory);
            incoming = null;
        }
    }

    private static SnapshotMeta meta(OfferSnapshot offer) {
        Membership membership =
                new Membership(ids(offer.getVotersList()), ids(offer.getOutgoingList()), ids(offer.getLearnersList()));
        return new SnapshotMeta(offer.getIndex(), offer.getTerm(), membership);
    }

    private static Set<UUID> ids(List<com.google.protobuf.ByteString> ids) {
        return ids.stream().map(MemberIds::decode).collect(Collectors.toSet());
    }

    private static RequestException invalid(String message) {
        return RequestException.of(Error.Code.INVALID, Effect.NOT_APPLIED, message);
    }
}
