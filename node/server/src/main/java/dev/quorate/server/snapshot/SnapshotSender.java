package dev.quorate.server.snapshot;

import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.proto.FinishSnapshot;
import dev.quorate.server.proto.OfferSnapshot;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.SnapshotChunk;
import dev.quorate.server.proto.SnapshotFile;
import dev.quorate.server.proto.SnapshotPosition;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.server.transport.PeerCalls;
import dev.quorate.server.transport.RaftMessages;
import dev.quorate.store.Checkpoint;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leader's side: one snapshot a peer at a time, one chunk under way, so that followers with a live log keep their share of the network. */
public final class SnapshotSender {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSender.class);
    static final int CHUNK_BYTES = 512 << 10;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    /** Installing is part of the last call. */
    private static final Duration FINISH_TIMEOUT = Duration.ofMinutes(1);

    private static final int ATTEMPTS_PER_CHUNK = 3;

    private final UUID self;
    private final PeerCalls calls;
    private final Store store;
    private final Path directory;
    private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastNumber = new AtomicLong();

    public SnapshotSender(UUID self, PeerCalls calls, Store store, Path directory) {
        this.self = self;
        this.calls = calls;
        this.store = store;
        this.directory = directory;
        Directories.delete(directory);
    }

    /** Sends on a thread of its own and tells the driver how it ended. */
    public void send(UUID peer, PeerAddress address, long raftTerm, RaftDriver driver) {
        if (underWay.add(peer)) {
            Thread.ofVirtual().name("snapshot-to-" + address).start(() -> {
                boolean delivered = false;
                try {
                    delivered = trySend(address, raftTerm);
                } finally {
                    underWay.remove(peer);
                    driver.snapshotSent(peer, delivered);
                }
            });
        }
    }

    private boolean trySend(PeerAddress address, long raftTerm) {
        Path target = directory.resolve("out-" + lastNumber.incrementAndGet());
        try {
            Files.createDirectories(directory);
            Checkpoint checkpoint = store.checkpoint(target);
            LOG.info(
                    "event=snapshot_started peer={} index={}",
                    address,
                    checkpoint.meta().index());
            sendFiles(address, raftTerm, checkpoint);
            LOG.info(
                    "event=snapshot_delivered peer={} index={}",
                    address,
                    checkpoint.meta().index());
            return true;
        } catch (IOException | RequestException | StoreException e) {
            LOG.warn("event=snapshot_failed peer={} reason=\"{}\"", address, e.getMessage());
            return false;
        } finally {
            Directories.delete(target);
        }
    }

    private void sendFiles(PeerAddress address, long raftTerm, Checkpoint checkpoint) throws IOException {
        long index = checkpoint.meta().index();
        SnapshotPosition next = call(address, offer(raftTerm, checkpoint), CALL_TIMEOUT);
        while (next.getFile() < checkpoint.files().size()) {
            var file = checkpoint.files().get(next.getFile());
            next = call(
                    address,
                    Request.newBuilder()
                            .setSnapshotChunk(chunk(
                                    index,
                                    next,
                                    read(
                                            checkpoint.directory().resolve(file.name()),
                                            next.getOffset(),
                                            file.sizeBytes()))),
                    CALL_TIMEOUT);
        }
        calls.call(
                address,
                Request.newBuilder()
                        .setFinishSnapshot(FinishSnapshot.newBuilder().setIndex(index)),
                FINISH_TIMEOUT);
    }

    private SnapshotPosition call(PeerAddress address, Request.Builder request, Duration timeout) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return calls.call(address, request, timeout).getSnapshotPosition();
            } catch (IOException e) {
                // The receiver takes a chunk twice: it answers with where it is.
                if (attempt == ATTEMPTS_PER_CHUNK) {
                    throw e;
                }
            }
        }
    }

    private static byte[] read(Path file, long offset, long sizeBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, sizeBytes - offset));
        try (FileChannel channel = FileChannel.open(file)) {
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {}
        }
        if (bytes.hasRemaining()) {
            throw new IOException(file + " is shorter than the checkpoint says");
        }
        return bytes.array();
    }

    private static SnapshotChunk chunk(long index, SnapshotPosition position, byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return SnapshotChunk.newBuilder()
                .setIndex(index)
                .setFile(position.getFile())
                .setOffset(position.getOffset())
                .setData(UnsafeByteOperations.unsafeWrap(data))
                .setCrc32C((int) crc.getValue())
                .build();
    }

    private Request.Builder offer(long raftTerm, Checkpoint checkpoint) {
        SnapshotMeta meta = checkpoint.meta();
        Membership membership = meta.membership();
        OfferSnapshot.Builder offer = OfferSnapshot.newBuilder()
                .setFrom(RaftMessages.encode(self))
                .setRaftTerm(raftTerm)
                .setIndex(meta.index())
                .setTerm(meta.term());
        membership.voters().forEach(id -> offer.addVoters(RaftMessages.encode(id)));
        membership.outgoing().forEach(id -> offer.addOutgoing(RaftMessages.encode(id)));
        membership.learners().forEach(id -> offer.addLearners(RaftMessages.encode(id)));
        for (Checkpoint.CheckpointFile file : checkpoint.files()) {
            offer.addFiles(SnapshotFile.newBuilder()
                    .setName(file.name())
                    .setSizeBytes(file.sizeBytes())
                    .setCrc32C((int) file.crc32c()));
        }
        return Request.newBuilder().setOfferSnapshot(offer);
    }
}
