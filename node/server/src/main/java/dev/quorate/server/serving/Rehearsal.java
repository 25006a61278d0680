package dev.quorate.server.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import dev.quorate.server.NodeConfig;
import dev.quorate.server.NodeStartException;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.map.MapCopy;
import dev.quorate.server.snapshot.Directories;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member does when it leads for the first time, done where nothing depends on it. Two members of a group of their own, on loopback and in a
 * directory that is deleted after, elect one of them, serve a client, are compared and hand leadership to each other. So this process has loaded and linked the classes
 * that leading takes, and its JVM has made room for them, before clients wait for that in a real hand-over.
 */
final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final String CLUSTER = "rehearsal";
    private static final String LOOPBACK = "127.0.0.1";
    /** Of each step. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Duration TICK = Duration.ofMillis(10);
    private static final int MEMBERS = 2;
    private static final int SHARDS = 4;
    private static final int CALLERS = 4;
    private static final int ROUNDS_BETWEEN = 50;
    private static final NodeConfig.Limits LIMITS =
            new NodeConfig.Limits(1 << 20, 1 << 20, 100, 1 << 20, 1, 64 << 10, 1 << 20, 1 << 20);

    private final Path directory;
    private final List<ServingNode> cast = new ArrayList<>();

    private Rehearsal(Path directory) {
        this.directory = directory;
    }

    /**
     * Rehearses once. Whatever comes of it, what it opened is closed on return, and the directory deleted.
     *
     * @param directory what is in it, of a process that was killed in the midst, is deleted first
     * @throws IllegalStateException when a step takes too long
     */
    static void perform(Path directory) throws IOException, NodeStartException, InterruptedException {
        Directories.delete(directory);
        Rehearsal rehearsal = new Rehearsal(directory);
        try {
            rehearsal.enter();
            List<Member> members =
                    rehearsal.cast.stream().map(Rehearsal::announced).toList();
            rehearsal.found(members);
            rehearsal.play(members);
        } finally {
            rehearsal.cast.forEach(ServingNode::close);
            Directories.delete(directory);
        }
    }

    private void enter() throws IOException, NodeStartException {
        String token = UUID.randomUUID().toString();
        for (int number = 0; number < MEMBERS; number++) {
            cast.add(ServingNode.start(config(number, token), new SimpleMeterRegistry(), _ -> {}));
        }
    }

    private NodeConfig config(int number, String token) {
        String name = CLUSTER + "-" + number;
        return new NodeConfig(
                CLUSTER,
                MapCopy.ROOT_GROUP,
                name,
                LOOPBACK,
                LOOPBACK,
                new NodeConfig.Ports(0, 0, 0, 0, 0),
                directory.resolve(name),
                List.of(),
                token,
                TICK,
                LIMITS);
    }

    /** With the port that it got. */
    private static Member announced(ServingNode member) {
        return member.node().member().toBuilder().setGrpcPort(member.dataPort()).build();
    }

    private void found(List<Member> members) throws InterruptedException {
        BootstrapRequest founding = BootstrapRequest.newBuilder()
                .setClusterId(CLUSTER)
                .setGroupId(MapCopy.ROOT_GROUP)
                .addAllMembers(members)
                .addAllRootMembers(members)
                .build();
        cast.forEach(member -> member.node().bootstrap(founding));
        MapChange.CreateMap map = MapChange.CreateMap.newBuilder()
                .setClusterId(CLUSTER)
                .setShardCount(SHARDS)
                .setRoot(Group.newBuilder().setId(MapCopy.ROOT_GROUP).addAllMembers(members))
                .build();
        untilOneAccepts(
                "a first leader",
                each -> each.node()
                        .admin()
                        .changeMap(MapChange.newBuilder().setCreate(map).build()));
    }

    /** Callers write and read without pause while leadership goes round. */
    private void play(List<Member> members) throws InterruptedException {
        List<Endpoint> seeds = members.stream()
                .map(member -> new Endpoint(member.getHost(), member.getGrpcPort()))
                .toList();
        AtomicInteger rounds = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        try (KvClient client = new KvClient(seeds, PATIENCE);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                byte[] key = ("key-" + caller).getBytes(UTF_8);
                callers.execute(() -> call(client, key, rounds, over));
            }
            try {
                for (int handOver = 0; handOver <= MEMBERS; handOver++) {
                    int enough = rounds.get() + ROUNDS_BETWEEN;
                    await("writes and reads", () -> rounds.get() >= enough);
                    untilOneAccepts("a comparison", each -> each.node().admin().compareReplicas(0));
                    untilOneAccepts("a hand-over", each -> each.node().admin().transferLeadership(""));
                }
            } finally {
                over.set(true);
            }
        }
    }

    private static void call(KvClient client, byte[] key, AtomicInteger rounds, AtomicBoolean over) {
        while (!over.get()) {
            try {
                client.put(key, key);
                client.get(key);
                rounds.incrementAndGet();
            } catch (QuorateException e) {
                LOG.debug("a call of the rehearsal failed", e); // when all do, the rounds stand still
            }
        }
    }

    private interface Request {
        void to(ServingNode member);
    }

    /** Only the leader does. */
    private void untilOneAccepts(String what, Request request) throws InterruptedException {
        await(what, () -> cast.stream().anyMatch(member -> accepts(member, request)));
    }

    private static boolean accepts(ServingNode member, Request request) {
        try {
            request.to(member);
            return true;
        } catch (RequestException e) {
            return false;
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new IllegalStateException("no " + what + " within " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(LOOK);
        }
    }
}
