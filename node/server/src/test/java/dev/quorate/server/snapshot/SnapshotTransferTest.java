package dev.quorate.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import dev.quorate.raft.Entry;
import dev.quorate.raft.Membership;
import dev.quorate.raft.Message;
import dev.quorate.server.driver.Halt;
import dev.quorate.server.proto.Done;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.Response;
import dev.quorate.server.proto.SnapshotChunk;
import dev.quorate.server.transport.Calls;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.Store;
import dev.quorate.store.StoreOptions;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import dev.quorate.store.proto.WriteCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real store's snapshot on its way to a receiver, with whatever may happen to it. */
class SnapshotTransferTest {
    private static final UUID LEADER = new UUID(1, 1);
    private static final UUID RECEIVER = new UUID(1, 2);
    private static final PeerAddress ADDRESS = new PeerAddress(1, "receiver", 1);
    private static final Delivery DELIVERY = new Delivery(RECEIVER, LEADER, 3, 0);
    private static final int VALUE_BYTES = 100 << 10;
    private static final int VALUES = 30;

    @TempDir
    Path directory;

    private final List<Message> toCore = new ArrayList<>();
    private final List<String> halted = new CopyOnWriteArrayList<>();
    private Store store;
    private SnapshotReceiver receiver;
    private long nextIndex = 1;
    private long chunkBytes;
    private long deliveredBytes;

    @BeforeEach
    void fill() {
        store = Store.open(directory.resolve("store"), StoreOptions.defaults());
        store.initialize(Membership.ofVoters(Set.of(LEADER, RECEIVER)));
        apply(Command.newBuilder()
                .setMapChange(MapChange.newBuilder()
                        .setCreate(MapChange.CreateMap.newBuilder()
                                .setClusterId("test")
                                .setShardCount(1)
                                .setRoot(Group.newBuilder()
                                        .setId(1)
                                        .addMembers(Member.newBuilder()
                                                .setId(LEADER.toString())
                                                .setHost("host"))))));
        Random random = new Random(1);
        for (int i = 0; i < VALUES; i++) {
            byte[] noise = new byte[VALUE_BYTES];
            random.nextBytes(noise);
            Operation put = Operation.newBuilder()
                    .setKey(ByteString.copyFromUtf8("key" + i))
                    .setPut(Put.newBuilder().setValue(ByteString.copyFrom(noise)))
                    .build();
            ApplyResult written = apply(Command.newBuilder()
                    .setWrite(WriteCommand.newBuilder().setShard(0).addOperations(put)));
            assertThat(written).isInstanceOf(ApplyResult.Written.class);
        }
        receiver =
                new SnapshotReceiver(RECEIVER, directory.resolve("in"), (message, _) -> toCore.add(message), () -> 0);
    }

    private ApplyResult apply(Command.Builder command) {
        byte[] data = command.build().toByteArray();
        return store.apply(List.of(new Entry(nextIndex++, 2, Entry.Type.COMMAND, data)))
                .getFirst();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private SnapshotSender sender(Calls calls, Duration patience) {
        return new SnapshotSender(
                calls,
                store,
                directory.resolve("out"),
                new Throttle(1L << 40),
                patience,
                bytes -> deliveredBytes += bytes,
                new Halt("test", halted::add));
    }

    private Response receive(Request.Builder request) throws IOException {
        return switch (request.getCallCase()) {
            case OFFER_SNAPSHOT ->
                Response.newBuilder()
                        .setSnapshotPosition(receiver.offer(request.getOfferSnapshot()))
                        .build();
            case SNAPSHOT_CHUNK -> {
                chunkBytes += request.getSnapshotChunk().getData().size();
                yield Response.newBuilder()
                        .setSnapshotPosition(receiver.chunk(request.getSnapshotChunk()))
                        .build();
            }
            case FINISH_SNAPSHOT -> {
                receiver.finish(request.getFinishSnapshot().getTransfer());
                yield Response.newBuilder().setDone(Done.getDefaultInstance()).build();
            }
            default -> throw new AssertionError(request.getCallCase());
        };
    }

    private void assertArrived() throws IOException {
        assertThat(toCore).hasSize(1).first().isInstanceOf(Message.InstallSnapshot.class);
        Message.InstallSnapshot install = (Message.InstallSnapshot) toCore.getFirst();
        assertThat(install.from()).isEqualTo(LEADER);
        assertThat(install.term()).isEqualTo(3);
        assertThat(install.snapshot().index()).isEqualTo(nextIndex - 1);
        try (Store follower = Store.open(directory.resolve("follower"), StoreOptions.defaults())) {
            follower.install(receiver.take(install.snapshot()));
            assertThat(follower.applied()).isEqualTo(store.applied());
        }
    }

    private static byte[] flipped(ByteString data) {
        byte[] bytes = data.toByteArray();
        bytes[bytes.length / 2] ^= 1;
        return bytes;
    }

    @Test
    void aSnapshotArrivesAsAWhole() throws Exception {
        assertThat(sender((_, request, _) -> receive(request), Duration.ofSeconds(30))
                        .deliver(ADDRESS, DELIVERY))
                .isTrue();
        assertArrived();
        assertThat(deliveredBytes).isEqualTo(chunkBytes).isGreaterThan((long) VALUES * VALUE_BYTES);
    }

    @Test
    void aBrokenConnectionGoesOnFromTheLastChunk() throws Exception {
        int[] calls = new int[1];
        Calls breaking = (_, request, _) -> {
            int call = ++calls[0];
            if (call % 5 == 0) {
                throw new IOException("broken before it arrived");
            }
            Response answer = receive(request);
            if (call % 7 == 0) {
                throw new IOException("broken before it was answered");
            }
            return answer;
        };
        assertThat(sender(breaking, Duration.ofSeconds(30)).deliver(ADDRESS, DELIVERY))
                .isTrue();
        assertArrived();
        // Nothing that arrived was sent again: not even what was not answered, since the next offer tells.
        assertThat(calls[0]).isGreaterThan(10);
        assertThat(chunkBytes).isEqualTo(deliveredBytes);
    }

    @Test
    void aFlippedBitInAChunkCostsThatChunk() throws Exception {
        int[] damaged = new int[1];
        Calls flipping = (_, request, _) -> {
            if (request.getCallCase() == Request.CallCase.SNAPSHOT_CHUNK && damaged[0] < 3) {
                damaged[0]++;
                SnapshotChunk chunk = request.getSnapshotChunk();
                request.setSnapshotChunk(chunk.toBuilder().setData(ByteString.copyFrom(flipped(chunk.getData()))));
            }
            return receive(request);
        };
        assertThat(sender(flipping, Duration.ofSeconds(30)).deliver(ADDRESS, DELIVERY))
                .isTrue();
        assertArrived();
    }

    @Test
    void aFlippedBitOnTheReceiversDiskIsNoticedBeforeTheCoreHearsOfIt() throws Exception {
        Calls rotting = (_, request, _) -> {
            if (request.getCallCase() == Request.CallCase.FINISH_SNAPSHOT && deliveredBytes == 0) {
                rot(directory.resolve("in"));
            }
            return receive(request);
        };
        assertThat(sender(rotting, Duration.ofSeconds(30)).deliver(ADDRESS, DELIVERY))
                .isFalse();
        assertThat(toCore).isEmpty();

        assertThat(sender((_, request, _) -> receive(request), Duration.ofSeconds(30))
                        .deliver(ADDRESS, DELIVERY))
                .isTrue();
        assertArrived();
    }

    @Test
    void aDamagedStoreIsNeverSentAndHaltsItsMember() throws Exception {
        store.flush();
        rot(directory.resolve("store"));
        assertThat(sender(
                                (_, request, _) -> {
                                    throw new AssertionError("sent " + request.getCallCase());
                                },
                                Duration.ofSeconds(30))
                        .deliver(ADDRESS, DELIVERY))
                .isFalse();
        while (halted.isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(halted.getFirst()).contains("damaged", "checksum mismatch");
    }

    private static void rot(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            Path table = files.filter(file -> file.toString().endsWith(".sst"))
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(table);
            bytes[bytes.length / 2] ^= 1;
            Files.write(table, bytes);
        }
    }

    @Test
    void whenNothingMovesForLongItIsGivenUp() throws Exception {
        Calls dead = (_, _, _) -> {
            throw new IOException("nobody there");
        };
        assertThat(sender(dead, Duration.ofMillis(100)).deliver(ADDRESS, DELIVERY))
                .isFalse();
        assertThat(toCore).isEmpty();
    }

    @Test
    void anotherSnapshotTakesThePlaceOfAnUnfinishedOneWhoseSenderIsRefused() throws Exception {
        int[] chunks = new int[1];
        Calls overtaken = (_, request, _) -> {
            if (request.getCallCase() == Request.CallCase.SNAPSHOT_CHUNK && ++chunks[0] == 3) {
                store.apply(List.of(new Entry(nextIndex++, 2, Entry.Type.EMPTY, new byte[0])));
                try {
                    assertThat(sender((_, other, _) -> receive(other), Duration.ofSeconds(30))
                                    .deliver(ADDRESS, new Delivery(RECEIVER, LEADER, 4, 0)))
                            .isTrue();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            return receive(request);
        };
        assertThat(sender(overtaken, Duration.ofSeconds(30)).deliver(ADDRESS, DELIVERY))
                .isFalse();
        assertThat(toCore).hasSize(1);
        assertThat(((Message.InstallSnapshot) toCore.getFirst()).snapshot().index())
                .isEqualTo(nextIndex - 1);
    }
}
