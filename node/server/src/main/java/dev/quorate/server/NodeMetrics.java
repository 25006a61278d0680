package dev.quorate.server;

import dev.quorate.raft.RaftStatus;
import dev.quorate.server.driver.DriverMeters;
import dev.quorate.server.requests.RequestMeters;
import dev.quorate.server.requests.ShardLoads;
import dev.quorate.server.snapshot.SnapshotMeters;
import dev.quorate.store.ShardView;
import dev.quorate.store.WriteStalls;
import dev.quorate.store.proto.ShardRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * What a node measures, named {@code quorate.*} and tagged with group and member: raft.leader (1 or 0), raft.term, raft.commit.index,
 * raft.applied.index, log.first.index, log.size.bytes, replicas.differing (shards that a leader found its replicas to differ in), store.writes.stopped (1
 * while RocksDB takes no writes because it can't keep up), store.writes.delayed.bytes (a second, that it slows writers down to; else 0), store.write.stalls
 * (times that it began to do one or the other, since the start), requests.held,
 * shards (by state), shards.busiest.operations and shards.busiest.bytes (a second, of the shard that has most), log.fsync and apply (histograms of seconds), apply.entries, snapshots.sent (in bytes), requests (histograms by operation
 * and outcome). Taken out of the registry when the node closes.
 */
final class NodeMetrics implements DriverMeters, RequestMeters, SnapshotMeters, AutoCloseable {
    /** Each two to two and a half times the one before, from below a sync to the default timeout: few enough that to find one costs nothing beside a request. */
    private static final Duration[] BUCKETS = LongStream.of(
                    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
                    2_500_000, 5_000_000)
            .mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Tags tags;
    private final Timer fsync;
    private final Timer apply;
    private final Counter appliedEntries;
    private final DistributionSummary snapshots;
    /** By operation and outcome. */
    private final Map<String, Map<String, Timer>> requests = new ConcurrentHashMap<>();

    private final Queue<Meter> registered = new ConcurrentLinkedQueue<>();

    NodeMetrics(MeterRegistry registry, int groupId, String member) {
        this.registry = registry;
        this.tags = Tags.of("group", Integer.toString(groupId), "member", member);
        this.fsync = timer("quorate.log.fsync", tags);
        this.apply = timer("quorate.apply", tags);
        this.appliedEntries =
                Counter.builder("quorate.apply.entries").tags(tags).register(registry);
        registered.add(appliedEntries);
        this.snapshots = DistributionSummary.builder("quorate.snapshots.sent")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry);
        registered.add(snapshots);
    }

    private Timer timer(String name, Tags timerTags) {
        Timer timer = Timer.builder(name)
                .tags(timerTags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        registered.add(timer);
        return timer;
    }

    /** The gauges, once there is something to look at. */
    void watch(Replica replica) {
        gauge("quorate.raft.leader", replica, r -> r.status().role() == RaftStatus.Role.LEADER ? 1 : 0);
        gauge("quorate.raft.term", replica, r -> r.status().term());
        gauge("quorate.raft.commit.index", replica, r -> r.status().commitIndex());
        gauge("quorate.raft.applied.index", replica, Replica::appliedIndex);
        gauge("quorate.log.first.index", replica, Replica::logFirstIndex);
        gauge("quorate.log.size.bytes", replica, Replica::logSizeBytes);
        gauge(
                "quorate.replicas.differing",
                replica,
                r -> r.scrubber().differences().size());
        gauge("quorate.store.writes.stopped", replica, r -> stalls(r, each -> each.stopped() ? 1 : 0));
        gauge("quorate.store.writes.delayed.bytes", replica, r -> stalls(r, WriteStalls::delayedBytesPerSecond));
        gauge("quorate.store.write.stalls", replica, r -> stalls(r, WriteStalls::count));
        gauge("quorate.requests.held", replica, r -> r.requests().heldCount());
        gauge("quorate.shards.busiest.operations", replica, r -> busiest(r, ShardLoads.Load::operationsPerSecond));
        gauge("quorate.shards.busiest.bytes", replica, r -> busiest(r, ShardLoads.Load::bytesPerSecond));
        for (ShardRecord.State state : List.of(
                ShardRecord.State.OWNED,
                ShardRecord.State.EXPORTING,
                ShardRecord.State.FROZEN,
                ShardRecord.State.IMPORTING,
                ShardRecord.State.RELEASED)) {
            Gauge gauge = Gauge.builder("quorate.shards", replica, r -> count(r.shards(), state))
                    .tags(tags.and("state", state.name()))
                    .register(registry);
            registered.add(gauge);
        }
    }

    private void gauge(String name, Replica replica, ToDoubleFunction<Replica> value) {
        registered.add(Gauge.builder(name, replica, value).tags(tags).register(registry));
    }

    private static double stalls(Replica replica, ToDoubleFunction<WriteStalls> what) {
        return replica.writeStalls().map(what::applyAsDouble).orElse(Double.NaN);
    }

    private static double busiest(Replica replica, ToDoubleFunction<ShardLoads.Load> what) {
        ShardLoads loads = replica.requests().loads();
        return replica.shards().stream()
                .mapToDouble(shard -> what.applyAsDouble(loads.of(shard.shard())))
                .max()
                .orElse(0);
    }

    private static long count(List<ShardView> shards, ShardRecord.State state) {
        return shards.stream().filter(s -> s.record().getState() == state).count();
    }

    @Override
    public void synced(long nanos) {
        fsync.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void applied(int entries, long nanos) {
        apply.record(nanos, TimeUnit.NANOSECONDS);
        appliedEntries.increment(entries);
    }

    @Override
    public void delivered(long sizeBytes) {
        snapshots.record(sizeBytes);
    }

    @Override
    public void finished(String operation, String outcome, long nanos) {
        requestTimer(operation, outcome).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer requestTimer(String operation, String outcome) {
        Map<String, Timer> byOutcome = requests.get(operation);
        Timer timer = byOutcome == null ? null : byOutcome.get(outcome);
        return timer != null
                ? timer
                : requests.computeIfAbsent(operation, _ -> new ConcurrentHashMap<>())
                        .computeIfAbsent(
                                outcome,
                                _ -> timer("quorate.requests", tags.and("operation", operation, "outcome", outcome)));
    }

    @Override
    public void close() {
        registered.forEach(registry::remove);
    }
}
