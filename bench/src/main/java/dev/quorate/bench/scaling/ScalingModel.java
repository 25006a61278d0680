package dev.quorate.bench.scaling;

import com.google.protobuf.ByteString;
import dev.quorate.raft.Membership;
import dev.quorate.sim.world.Timeline;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import dev.quorate.store.proto.WriteCommand;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** A cluster of groups of three under load, simulated; one seed, one outcome. */
final class ScalingModel {
    private static final int MEMBERS = 3;
    private static final int CORES = 2;
    private static final int SHARDS = 64;
    private static final int VALUE_BYTES = 256;
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MAP_POLL_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long WARM_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long SETTLING_STEPS = 4_000;

    /** Who runs where. Each machine has two cores, each member a disk of its own. */
    enum Layout {
        /** Each member has a machine, and so has each of as many clients as there are groups, which write to one group each. */
        CLIENT_A_GROUP,
        /** The same, but each client writes to all groups. */
        CLIENTS_TO_ALL,
        /** Each member has a machine; there is one client for all groups. */
        ONE_CLIENT,
        /** All members and the one client share one machine. */
        ONE_MACHINE
    }

    /**
     * @param busiest what is nearest to its limit
     * @param busy how much of the time it is in use
     * @param mapReadsPerSecond that other nodes asked of the root group
     */
    record Outcome(
            double perSecond,
            double p50Millis,
            double p99Millis,
            String busiest,
            double busy,
            double mapReadsPerSecond) {}

    private final Timeline timeline = new Timeline();
    private final Costs costs;
    private final SplittableRandom random;
    private final int groups;
    private final Layout layout;
    private final Machine shared = new Machine("the machine", timeline, CORES);
    private final Map<UUID, SimulatedMember> members = new TreeMap<>();
    private final List<Resource> resources = new ArrayList<>();
    private final Histogram latencies = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
    private long mapReads;

    ScalingModel(Costs costs, int groups, Layout layout, long seed) {
        this.costs = costs;
        this.groups = groups;
        this.layout = layout;
        this.random = new SplittableRandom(seed);
        for (int group = 1; group <= groups; group++) {
            TreeSet<UUID> ids = new TreeSet<>();
            for (int number = 1; number <= MEMBERS; number++) {
                ids.add(new UUID(group, number));
            }
            Membership membership = Membership.ofVoters(ids);
            ids.forEach(id -> add(id, membership));
        }
        if (layout == Layout.ONE_MACHINE) {
            resources.add(shared);
        }
    }

    private void add(UUID id, Membership group) {
        Machine machine = machine("member " + id.getMostSignificantBits() + "." + id.getLeastSignificantBits());
        SimulatedMember member = new SimulatedMember(id, group, machine, timeline, costs, random, members::get);
        members.put(id, member);
        resources.addAll(member.resources());
    }

    private Machine machine(String name) {
        if (layout == Layout.ONE_MACHINE) {
            return shared;
        }
        Machine machine = new Machine(name, timeline, CORES);
        resources.add(machine);
        return machine;
    }

    /** @param callers of each group */
    Outcome run(int callers, long nanos) {
        Placement placement = settle();
        pollMaps();
        int[] owners = placement.map().getOwnerList().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        boolean many = layout == Layout.CLIENT_A_GROUP || layout == Layout.CLIENTS_TO_ALL;
        int clients = many ? groups : 1;
        for (int i = 0; i < clients; i++) {
            int group = i + 1;
            int[] shards = IntStream.range(0, SHARDS)
                    .filter(shard -> layout != Layout.CLIENT_A_GROUP || owners[shard] == group)
                    .toArray();
            SimulatedClient client = new SimulatedClient(
                    machine("a client"),
                    CORES,
                    timeline,
                    costs,
                    random,
                    commands(),
                    owners,
                    shards,
                    this::leader,
                    latencies::recordValue);
            resources.addAll(client.resources());
            client.start(callers * groups / clients);
        }
        run(WARM_UP_NANOS);
        latencies.reset();
        mapReads = 0;
        Map<Resource, Long> before = new HashMap<>();
        resources.forEach(resource -> before.put(resource, resource.busyNanos()));
        run(nanos);
        return outcome(before, nanos);
    }

    private void run(long nanos) {
        timeline.runUntil(timeline.now() + nanos);
    }

    private Outcome outcome(Map<Resource, Long> before, long nanos) {
        double seconds = nanos / 1e9;
        Resource busiest = resources.stream()
                .max(Comparator.comparingLong(resource -> resource.busyNanos() - before.get(resource)))
                .orElseThrow();
        return new Outcome(
                latencies.getTotalCount() / seconds,
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6,
                busiest.name(),
                (busiest.busyNanos() - before.get(busiest)) / (double) nanos,
                mapReads / seconds);
    }

    /** Until every group has its leader, and its shards. */
    private Placement settle() {
        Placement placement = new Placement(groups, SHARDS, this::leader);
        for (int i = 0; i < SETTLING_STEPS; i++) {
            run(STEP_NANOS);
            if (IntStream.rangeClosed(1, groups).allMatch(this::isLed) && placement.step()) {
                return placement;
            }
        }
        throw new IllegalStateException("the shards are not where they shall be: " + placement.map());
    }

    private boolean isLed(int group) {
        return IntStream.rangeClosed(1, MEMBERS)
                .anyMatch(number -> member(group, number).isLeader());
    }

    private SimulatedMember leader(int group) {
        return IntStream.rangeClosed(1, MEMBERS)
                .mapToObj(number -> member(group, number))
                .filter(SimulatedMember::isLeader)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("group " + group + " has no leader"));
    }

    private SimulatedMember member(int group, int number) {
        return members.get(new UUID(group, number));
    }

    /** Nodes of other groups ask the root group for the map all the time: one long poll each. */
    private void pollMaps() {
        members.keySet().stream()
                .filter(id -> id.getMostSignificantBits() != 1)
                .forEach(_ -> timeline.after(random.nextLong(MAP_POLL_NANOS), this::pollMap));
    }

    private void pollMap() {
        timeline.after(costs.network(), () -> leader(1).readMap(() -> mapReads++));
        timeline.after(MAP_POLL_NANOS, this::pollMap);
    }

    /** A write to a key of each shard, as the state machine reads it. */
    private static List<byte[]> commands() {
        return IntStream.range(0, SHARDS)
                .mapToObj(shard -> Command.newBuilder()
                        .setWrite(WriteCommand.newBuilder()
                                .setShard(shard)
                                .setNowMillis(1)
                                .addOperations(Operation.newBuilder()
                                        .setKey(ByteString.copyFrom(
                                                "key-%012d".formatted(shard), StandardCharsets.US_ASCII))
                                        .setPut(Put.newBuilder().setValue(ByteString.copyFrom(new byte[VALUE_BYTES])))))
                        .build()
                        .toByteArray())
                .toList();
    }
}
