package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.ByteString;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.history.Outcome;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one group of three does when the machine under a member fails: docs/faults.md, line by line. */
@Timeout(300)
class MachineFaultsTest {
    private static final int MEMBERS = 3;
    private static final int SHARDS = 2;
    private static final long RESERVE_BYTES = 1 << 20;

    @TempDir
    Path directory;

    private TestCluster cluster;
    private TestGroup group;
    private TestClient client;

    @BeforeEach
    void start() throws NodeStartException {
        cluster = TestCluster.start(directory, SHARDS, MEMBERS);
        group = cluster.groups.getFirst();
        client = cluster.client();
        client.put(0, "early", "bird");
    }

    @AfterEach
    void stop() {
        group.machines.forEach(TestMachine::goOn);
        cluster.close();
    }

    private static void assertFails(Runnable request, Error.Code code) {
        assertThatThrownBy(request::run)
                .asInstanceOf(type(RequestException.class))
                .satisfies(e -> {
                    assertThat(e.error().getCode()).as(e.getMessage()).isEqualTo(code);
                    assertThat(e.error().getEffect()).isEqualTo(Effect.NOT_APPLIED);
                });
    }

    private boolean delete(String key) {
        Operation delete = Operation.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setDelete(Delete.getDefaultInstance())
                .build();
        return client.write(0, delete).applied();
    }

    private void awaitCaughtUp(int member) {
        TestGroup.await("the member to have all that is committed", () -> {
            long committed = group.leader().describe().getCommitIndex();
            return group.nodes.get(member).describe().getAppliedIndex() >= committed;
        });
    }

    private static void flipBit(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), offset);
        }
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aFlippedBitInTheDurableLogKeepsTheMemberFromStarting() throws Exception {
        int victim = (group.awaitLeader() + 1) % MEMBERS;
        group.stop(victim);
        Path segment = files(group.configs.get(victim).dataDirectory().resolve("log"), ".log")
                .getFirst();
        flipBit(segment, 300);
        assertThatThrownBy(() -> group.restart(victim))
                .isInstanceOf(NodeStartException.class)
                .hasMessageContaining(segment.toString())
                .hasMessageContaining("Rebuild this replica from its peers");
        client.put(0, "late", "bird");
    }

    @Test
    void aFlippedBitInTheStoreHaltsTheMemberThatReadsItAndNobodyGetsAWrongValue() throws Exception {
        int victim = (group.awaitLeader() + 1) % MEMBERS;
        String value = putNoise(50);
        awaitCaughtUp(victim);
        group.stop(victim);
        damageTables(victim, 32 << 10);
        group.restart(victim);
        String id = group.nodes.get(victim).member().getId();
        TestGroup.await("the damaged member to lead, or to have halted", () -> {
            try {
                return !group.fatal.isEmpty()
                        || group.leader()
                                .admin()
                                .transferLeadership(id)
                                .getLeaderId()
                                .equals(id);
            } catch (RequestException e) {
                return false;
            }
        });
        for (int i = 0; i < 50; i++) {
            assertThat(client.get(0, "key" + i))
                    .as("key%d", i)
                    .isNotNull()
                    .endsWith(value.substring(value.length() - 16) + i);
        }
        assertThat(group.fatal).hasSize(1).first().asString().contains("checksum mismatch", ".sst");
        group.fatal.clear();
    }

    @Test
    void aFlippedBitInWhatTheStoreNeedsToOpenKeepsTheMemberFromStarting() throws Exception {
        int victim = (group.awaitLeader() + 1) % MEMBERS;
        putNoise(50);
        awaitCaughtUp(victim);
        group.stop(victim);
        damageTables(victim, 0);
        assertThatThrownBy(() -> group.restart(victim))
                .isInstanceOf(NodeStartException.class)
                .hasMessageContaining(".sst")
                .hasMessageContaining("rebuild this replica from its peers");
    }

    /** Values that no compression makes smaller; each is this one and its number. */
    private String putNoise(int count) {
        byte[] noise = new byte[3 << 10];
        new Random(1).nextBytes(noise);
        String value = HexFormat.of().formatHex(noise);
        for (int i = 0; i < count; i++) {
            client.put(0, "key" + i, value + i);
        }
        return value;
    }

    /** The first blocks have what a store reads when it opens. */
    private void damageTables(int member, long from) throws IOException {
        for (Path table : files(group.configs.get(member).dataDirectory().resolve("store/current"), ".sst")) {
            for (long at = from; at < Files.size(table) - (8 << 10); at += 2 << 10) {
                flipBit(table, at);
            }
        }
    }

    @Test
    void aFailedFsyncHaltsTheMemberAndIsNotTriedAgain() throws Exception {
        int victim = group.awaitLeader();
        group.machines.get(victim).failForces(true);
        TestGroup.await("the member to halt", () -> {
            try {
                client.put(0, "next", "write");
            } catch (RequestException e) {
                assertThat(e.error().getEffect()).isEqualTo(Effect.UNKNOWN);
            }
            return !group.fatal.isEmpty();
        });
        assertThat(group.fatal).first().asString().contains("Input/output error");
        assertThat(group.nodes.get(victim).ready()).isFalse();
        group.stop(victim);
        assertThat(group.machines.get(victim).failedForces()).isEqualTo(1);
        group.fatal.clear();

        client.put(0, "late", "bird");
        group.machines.get(victim).failForces(false);
        group.restart(victim);
        awaitCaughtUp(victim);
        assertThat(client.get(0, "early")).isEqualTo("bird");
    }

    @Test
    void onAFullDiskDeletesAndReadsGoOnUntilThereIsSpaceAgain() {
        group.machines.forEach(machine -> machine.leaveSpace(RESERVE_BYTES / 2 - 1));
        TestGroup.await(
                "all to notice",
                () -> group.live().stream()
                        .allMatch(node -> node.describe().getTrouble().contains("the disk is full")));
        group.configs.forEach(
                config -> assertThat(config.dataDirectory().resolve("reserve")).doesNotExist());
        assertFails(() -> client.put(0, "more", "data"), Error.Code.DISK_FULL);
        assertThat(client.get(0, "more")).isNull();
        assertThat(client.get(0, "early")).isEqualTo("bird");
        assertThat(delete("early")).isTrue();
        assertThat(client.get(0, "early")).isNull();
        assertThat(group.leader().ready())
                .as("clients must be able to read why")
                .isTrue();

        group.machines.forEach(machine -> machine.leaveSpace(100 * RESERVE_BYTES));
        TestGroup.await(
                "all to recover",
                () -> group.live().stream()
                        .allMatch(node -> node.describe().getTrouble().isEmpty()));
        client.put(0, "more", "data");
        group.configs.forEach(
                config -> assertThat(config.dataDirectory().resolve("reserve")).hasSize(RESERVE_BYTES));
    }

    @Test
    void aLogThatFindsNoSpaceAtAllWaitsForIt() {
        group.machines.forEach(machine -> {
            machine.leaveSpace(0);
            machine.refuseGrowth(true);
        });
        TestGroup.await("writes to be refused", () -> {
            try {
                put("more", "v".repeat(512 << 10), Duration.ofMillis(200));
                return false;
            } catch (RequestException e) {
                return e.error().getCode() == Error.Code.DISK_FULL;
            }
        });
        TestGroup.await("all but reads to be refused", () -> {
            try {
                deleteWithin("early", Duration.ofMillis(100));
                return false;
            } catch (RequestException e) {
                return e.error().getCode() == Error.Code.DISK_FULL;
            }
        });
        group.machines.forEach(machine -> {
            machine.refuseGrowth(false);
            machine.leaveSpace(100 * RESERVE_BYTES);
        });
        TestGroup.await(
                "all to recover",
                () -> group.live().stream()
                        .allMatch(node -> node.describe().getTrouble().isEmpty()));
        client.put(0, "late", "bird");
        assertThat(client.get(0, "late")).isEqualTo("bird");
    }

    private void put(String key, String value, Duration timeout) {
        new TestClient(cluster::live, timeout).put(0, key, value);
    }

    private void deleteWithin(String key, Duration timeout) {
        Operation delete = Operation.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setDelete(Delete.getDefaultInstance())
                .build();
        new TestClient(cluster::live, timeout).write(0, delete);
    }

    @Test
    void aFollowerWithoutSpaceStopsNobodyAndCatchesUp() {
        int victim = (group.awaitLeader() + 1) % MEMBERS;
        group.machines.get(victim).leaveSpace(0);
        group.machines.get(victim).refuseGrowth(true);
        for (int i = 0; i < 50; i++) {
            client.put(i % SHARDS, "key" + i, "value");
        }
        TestGroup.await(
                "the follower to say so",
                () -> group.nodes.get(victim).describe().getTrouble().contains("the disk is full"));
        group.machines.get(victim).refuseGrowth(false);
        group.machines.get(victim).leaveSpace(100 * RESERVE_BYTES);
        awaitCaughtUp(victim);
    }

    @Test
    void aLeaderWhoseDiskStallsHandsLeadershipOver() throws Exception {
        int stalled = group.awaitLeader();
        String id = group.nodes.get(stalled).member().getId();
        RecordedClients clients = new RecordedClients("stalled-leader", SHARDS);
        clients.start("client", RecordedStore.over(cluster.client(), SHARDS));
        group.machines.get(stalled).stall();
        TestGroup.await(
                "another leader, known to the stalled one",
                () -> group.live().stream().allMatch(node -> {
                    String leader = node.describe().getLeaderId();
                    return !leader.isEmpty() && !leader.equals(id);
                }));
        client.put(0, "late", "bird");
        assertThat(client.get(0, "late")).isEqualTo("bird");
        group.machines.get(stalled).goOn();
        awaitCaughtUp(stalled);
        clients.verify(RecordedStore.over(client, SHARDS), Outcome.OK, Outcome.UNKNOWN);
    }

    @Test
    void aFollowerWhoseDiskStallsStopsNobody() {
        int leader = group.awaitLeader();
        int stalled = (leader + 1) % MEMBERS;
        group.machines.get(stalled).stall();
        for (int i = 0; i < 100; i++) {
            client.put(i % SHARDS, "key" + i, "value");
        }
        group.machines.get(stalled).goOn();
        awaitCaughtUp(stalled);
    }

    @Test
    void aJumpOfTheClockNeitherExpiresNorKeepsAKey() {
        putFor("short", Duration.ofSeconds(5));
        group.machines.forEach(machine -> machine.shiftClock(Duration.ofHours(1)));
        client.put(0, "other", "value");
        assertThat(client.get(0, "short")).isEqualTo("lived");

        putFor("shorter", Duration.ofSeconds(2));
        group.machines.forEach(machine -> machine.shiftClock(Duration.ofHours(-2)));
        assertThat(client.get(0, "shorter")).isEqualTo("lived");
        TestGroup.await(
                "the keys to expire in spite of it",
                () -> client.get(0, "shorter") == null && client.get(0, "short") == null);
        assertThat(client.get(0, "early")).isEqualTo("bird");
    }

    private void putFor(String key, Duration ttl) {
        client.write(
                0,
                Operation.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setPut(Put.newBuilder()
                                .setValue(ByteString.copyFromUtf8("lived"))
                                .setTtlMillis(ttl.toMillis()))
                        .build());
    }
}
