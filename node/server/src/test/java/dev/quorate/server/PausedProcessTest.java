package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.RootClient;
import dev.quorate.history.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader's process stands still (SIGSTOP) for longer than an election, and wakes up in the belief that it still leads, with requests waiting in its
 * sockets. None of them gets a stale answer.
 */
@Timeout(300)
class PausedProcessTest {
    private static final int SHARDS = 2;
    private static final int ROUNDS = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final ProcessGroup group = new ProcessGroup(1);
    private KvClient client;

    @BeforeEach
    void start() throws IOException {
        group.start(directory, 3);
        group.bootstrap(List.of());
        try (RootClient root = new RootClient(endpoints(NodeProcess::adminEndpoint), TestGroup.TOKEN, TIMEOUT)) {
            root.change(MapChange.newBuilder()
                    .setCreate(MapChange.CreateMap.newBuilder()
                            .setClusterId(TestGroup.CLUSTER)
                            .setShardCount(SHARDS)
                            .setRoot(Group.newBuilder().setId(1).addAllMembers(group.members())))
                    .build());
        }
        group.awaitReady();
        client = new KvClient(endpoints(NodeProcess::grpcEndpoint), TIMEOUT);
    }

    private List<Endpoint> endpoints(Function<NodeProcess, Endpoint> port) {
        return group.nodes.stream().map(port).toList();
    }

    @AfterEach
    void stop() {
        group.close();
        client.close();
    }

    @Test
    void aLeaderThatWasPausedForLongerThanAnElectionServesNothingStale() throws Exception {
        RecordedClients clients = new RecordedClients("PausedProcessTest", SHARDS);
        for (int i = 0; i < 3; i++) {
            clients.start("client-" + i, RecordedStore.over(client));
        }
        for (int round = 0; round < ROUNDS; round++) {
            NodeProcess paused = awaitLeader(null);
            paused.pause();
            NodeProcess next = awaitLeader(paused);
            try (KvClient direct = new KvClient(List.of(paused.grpcEndpoint()), TIMEOUT);
                    KvClient others = new KvClient(List.of(next.grpcEndpoint()), TIMEOUT)) {
                String newest = "after pause " + round;
                others.put(key("key"), newest.getBytes(StandardCharsets.UTF_8));
                // Asked of the process that stands still, and believes that it leads, after the write above was
                // acknowledged.
                var answer = CompletableFuture.supplyAsync(() -> direct.get(key("key")));
                assertThat(answer).isNotDone();
                paused.resume();
                assertThat(answer.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                        .map(value -> new String(value.bytes(), StandardCharsets.UTF_8))
                        .contains(newest);
            }
            group.awaitReady();
            clients.awaitProgress();
        }
        clients.verify(RecordedStore.over(client), Outcome.values());
    }

    private static byte[] key(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /** Of those that answer, which one that is paused does not. */
    private NodeProcess awaitLeader(NodeProcess paused) {
        NodeProcess[] leader = new NodeProcess[1];
        TestGroup.await("a leader", () -> {
            leader[0] = group.nodes.stream()
                    .filter(node -> node != paused)
                    .filter(node -> node.describe()
                            .filter(description -> description.getRole().equals("LEADER"))
                            .isPresent())
                    .findFirst()
                    .orElse(null);
            return leader[0] != null;
        });
        return leader[0];
    }
}
