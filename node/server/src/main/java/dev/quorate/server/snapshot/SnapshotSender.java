package dev.quorate.server.snapshot;

import dev.quorate.server.data.RequestException;
import dev.quorate.server.driver.Halt;
import dev.quorate.server.proto.FinishSnapshot;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.SnapshotPosition;
import dev.quorate.server.transport.Calls;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.store.Checkpoint;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this member's state to another: a checkpoint, chunk by chunk, at most so many bytes a second. When a connection breaks, or a chunk arrives
 * damaged, it goes on where the receiver says; it gives up when nothing has moved for some time.
 */
public final class SnapshotSender {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSender.class);
    static final int CHUNK_BYTES = 512 << 10;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    /** Verifying all of it is part of the last call. */
    private static final Duration FINISH_TIMEOUT = Duration.ofMinutes(1);

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Calls calls;
    private final Store store;
    private final Path directory;
    private final Throttle throttle;
    private final Duration patience;
    private final SnapshotMeters meters;
    private final Halt halt;
    private final AtomicLong lastNumber = new AtomicLong();

    /**
     * @param directory for checkpoints while they are sent, on the store's file system; what an earlier process left in it is deleted
     * @param patience how long nothing may move
     */
    public SnapshotSender(
            Calls calls,
            Store store,
            Path directory,
            Throttle throttle,
            Duration patience,
            SnapshotMeters meters,
            Halt halt) {
        this.calls = calls;
        this.store = store;
        this.directory = directory;
        this.throttle = throttle;
        this.patience = patience;
        this.meters = meters;
        this.halt = halt;
        Directories.delete(directory);
    }

    /** Takes a checkpoint and delivers it; false when that failed. A store that turns out to be damaged halts the member. */
    boolean deliver(PeerAddress address, Delivery delivery) throws InterruptedException {
        Path target = directory.resolve("out-" + lastNumber.incrementAndGet());
        try {
            Files.createDirectories(directory);
            Checkpoint checkpoint = store.checkpoint(target);
            long index = checkpoint.meta().index();
            LOG.info("event=snapshot_started peer={} index={}", address, index);
            new Transfer(address, delivery, checkpoint).run();
            LOG.info("event=snapshot_delivered peer={} index={}", address, index);
            meters.delivered(checkpoint.files().stream()
                    .mapToLong(Checkpoint.CheckpointFile::sizeBytes)
                    .sum());
            return true;
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.CORRUPT) {
                halt.now("the store was to be sent to another member, and is damaged", e);
            }
            return failed(address, e);
        } catch (IOException | RequestException e) {
            return failed(address, e);
        } finally {
            Directories.delete(target);
        }
    }

    private static boolean failed(PeerAddress address, Exception e) {
        LOG.warn("event=snapshot_failed peer={} reason=\"{}\"", address, e.getMessage());
        return false;
    }

    /** One checkpoint on its way to one member. */
    private final class Transfer {
        private final PeerAddress address;
        private final Delivery delivery;
        private final Checkpoint checkpoint;
        private final long transfer = UUID.randomUUID().getMostSignificantBits();
        private SnapshotPosition position = SnapshotPosition.getDefaultInstance();
        private long movedNanos = System.nanoTime();

        Transfer(PeerAddress address, Delivery delivery, Checkpoint checkpoint) {
            this.address = address;
            this.delivery = delivery;
            this.checkpoint = checkpoint;
        }

        void run() throws IOException, InterruptedException {
            long pauseMillis = FIRST_PAUSE_MILLIS;
            while (true) {
                long movedBefore = movedNanos;
                try {
                    sendAll();
                    return;
                } catch (IOException e) {
                    if (System.nanoTime() - movedNanos > patience.toNanos()) {
                        throw e;
                    }
                    LOG.info("event=snapshot_interrupted peer={} reason=\"{}\"", address, e.getMessage());
                }
                pauseMillis = movedNanos == movedBefore
                        ? Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS)
                        : FIRST_PAUSE_MILLIS;
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        }

        /** The answer to the offer says where to begin: where an earlier attempt ended. */
        private void sendAll() throws IOException, InterruptedException {
            move(call(offer()));
            while (position.getFile() < checkpoint.files().size()) {
                byte[] data = read();
                throttle.take(data.length);
                SnapshotPosition next = call(chunk(data));
                if (next.equals(position)) {
                    throw new IOException("a chunk was not taken");
                }
                move(next);
            }
            calls.call(
                    address,
                    Request.newBuilder()
                            .setFinishSnapshot(FinishSnapshot.newBuilder().setTransfer(transfer)),
                    FINISH_TIMEOUT);
        }

        private void move(SnapshotPosition next) {
            if (!next.equals(position)) {
                movedNanos = System.nanoTime();
                position = next;
            }
        }

        private SnapshotPosition call(Request.Builder request) throws IOException {
            return calls.call(address, request, CALL_TIMEOUT).getSnapshotPosition();
        }

        private byte[] read() throws IOException {
            var file = checkpoint.files().get(position.getFile());
            Path path = checkpoint.directory().resolve(file.name());
            ByteBuffer bytes =
                    ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, file.sizeBytes() - position.getOffset()));
            try (FileChannel channel = FileChannel.open(path)) {
                while (bytes.hasRemaining() && channel.read(bytes, position.getOffset() + bytes.position()) >= 0) {}
            }
            if (bytes.hasRemaining()) {
                throw new IOException(path + " is shorter than the checkpoint says");
            }
            return bytes.array();
        }

        private Request.Builder chunk(byte[] data) {
            return Request.newBuilder().setSnapshotChunk(SnapshotRequests.chunk(transfer, position, data));
        }

        private Request.Builder offer() {
            return Request.newBuilder()
                    .setOfferSnapshot(
                            SnapshotRequests.offer(transfer, delivery.leader(), delivery.raftTerm(), checkpoint));
        }
    }
}
