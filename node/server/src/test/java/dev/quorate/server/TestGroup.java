package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** A group of nodes on loopback, each with its own directory, log, store and ports. */
final class TestGroup implements AutoCloseable {
    static final String CLUSTER = "test";
    static final String TOKEN = "secret";
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofMillis(30);

    final int id;
    final List<NodeConfig> configs = new ArrayList<>();
    final List<SimpleMeterRegistry> registries = new ArrayList<>();
    final List<TestMachine> machines = new ArrayList<>();
    /** Null where a node is down. */
    final List<Node> nodes = new ArrayList<>();

    /** Why nodes halted. */
    final List<String> fatal = new CopyOnWriteArrayList<>();

    private final Path directory;
    private final NodeConfig.Limits limits;

    private TestGroup(Path directory, int id, NodeConfig.Limits limits) {
        this.directory = directory;
        this.id = id;
        this.limits = limits;
    }

    static TestGroup start(Path directory, int id, int size, List<Member> rootMembers, NodeConfig.Limits limits)
            throws NodeStartException {
        TestGroup group = new TestGroup(directory, id, limits);
        for (int i = 0; i < size; i++) {
            group.addNode();
        }
        group.bootstrap(rootMembers);
        return group;
    }

    /** Starts one more, empty node; its index. */
    int addNode() throws NodeStartException {
        int index = nodes.size();
        String name = "g" + id + "-" + index;
        configs.add(config(directory.resolve(name), id, name, limits));
        registries.add(new SimpleMeterRegistry());
        machines.add(new TestMachine());
        nodes.add(null);
        restart(index);
        return index;
    }

    static NodeConfig config(Path directory, int groupId, String name, NodeConfig.Limits limits) {
        return new NodeConfig(
                CLUSTER,
                groupId,
                name,
                "127.0.0.1",
                "127.0.0.1",
                new NodeConfig.Ports(FreePorts.next(), FreePorts.next(), FreePorts.next(), 3, 4),
                directory,
                List.of(),
                TOKEN,
                TICK,
                limits);
    }

    private void bootstrap(List<Member> rootMembers) {
        BootstrapRequest request = bootstrapRequest(rootMembers);
        nodes.forEach(node -> node.bootstrap(request));
    }

    BootstrapRequest bootstrapRequest(List<Member> rootMembers) {
        return BootstrapRequest.newBuilder()
                .setClusterId(CLUSTER)
                .setGroupId(id)
                .addAllMembers(members())
                .addAllRootMembers(rootMembers.isEmpty() ? members() : rootMembers)
                .build();
    }

    List<Member> members() {
        return nodes.stream().map(Node::member).toList();
    }

    List<Node> live() {
        return nodes.stream().filter(node -> node != null).toList();
    }

    /** Index of the node that leads, once one does and all live nodes agree. */
    int awaitLeader() {
        int[] leader = {-1};
        await("a leader of group " + id, () -> {
            leader[0] = -1;
            for (int i = 0; i < nodes.size(); i++) {
                if (nodes.get(i) != null && nodes.get(i).describe().getRole().equals("LEADER")) {
                    leader[0] = i;
                }
            }
            if (leader[0] < 0) {
                return false;
            }
            String leaderId = nodes.get(leader[0]).member().getId();
            return live().stream()
                    .map(Node::describe)
                    .filter(NodeDescription::getBootstrapped)
                    .allMatch(n -> n.getLeaderId().equals(leaderId) && n.getReady());
        });
        return leader[0];
    }

    Node leader() {
        return nodes.get(awaitLeader());
    }

    Node follower() {
        int leader = awaitLeader();
        return nodes.get((leader + 1) % nodes.size());
    }

    double gauge(int index, String name) {
        return registries.get(index).get(name).gauge().value();
    }

    void stop(int index) {
        nodes.get(index).close();
        nodes.set(index, null);
    }

    void restart(int index) throws NodeStartException {
        nodes.set(
                index,
                Node.start(
                        configs.get(index),
                        registries.get(index),
                        fatal::add,
                        machines.get(index).machine()));
    }

    @Override
    public void close() {
        live().forEach(Node::close);
        assertThat(fatal).isEmpty();
    }

    static void await(String what, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNanos)
                    .as("waiting for " + what)
                    .isNegative();
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
