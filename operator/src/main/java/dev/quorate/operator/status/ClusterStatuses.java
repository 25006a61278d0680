package dev.quorate.operator.status;

import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.ShardMap;
import dev.quorate.control.Finding;
import dev.quorate.control.Observation.MapView;
import dev.quorate.control.Pass;
import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterStatus;
import dev.quorate.crds.KVClusterStatus.Leader;
import dev.quorate.operator.resources.ClusterIdentity;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** Makes a KVCluster's status. */
public final class ClusterStatuses {
    private static final KVClusterStatus NOTHING =
            new KVClusterStatus(null, 0, null, null, null, null, null, List.of(), null, List.of(), null, null);

    private ClusterStatuses() {}

    /**
     * The status as it shall be. What is not known now stays as it was last known.
     *
     * @param now when the conditions that change do so
     */
    public static KVClusterStatus of(Situation situation, Instant now) {
        KVCluster cluster = situation.cluster();
        KVClusterStatus before = Objects.requireNonNullElse(cluster.getStatus(), NOTHING);
        List<Condition> conditionsBefore = Objects.requireNonNullElse(before.conditions(), List.of());
        Conditions conditions =
                new Conditions(conditionsBefore, cluster.getMetadata().getGeneration(), now);
        return switch (situation) {
            case Situation.Passed passed -> passed(passed, before, conditions, ScaleIn.of(cluster, now));
            case Situation.Stopped stopped -> stopped(stopped, before, conditions);
        };
    }

    /** The first status of all: it names the cluster's id, which from then on can't be changed, before anything carries it. */
    public static KVClusterStatus first(KVCluster cluster, Instant now) {
        Conditions conditions = new Conditions(List.of(), cluster.getMetadata().getGeneration(), now);
        String words = "the cluster's first pods are being made";
        conditions.add(Conditions.READY, Conditions.FALSE, "Starting", words);
        conditions.add(Conditions.PROGRESSING, Conditions.TRUE, "Starting", words);
        conditions.add(Conditions.DEGRADED, Conditions.FALSE, "AsExpected", "");
        conditions.add(Conditions.BALANCED, Conditions.UNKNOWN, "MapUnreachable", "there is no shard map yet");
        return status(cluster, clusterId(cluster), NOTHING, null, conditions, words);
    }

    private static KVClusterStatus passed(
            Situation.Passed situation, KVClusterStatus before, Conditions conditions, ScaleIn scaleIn) {
        Findings findings = Findings.of(situation);
        ready(situation, findings, conditions);
        progressing(situation, findings, conditions, scaleIn);
        findings.degraded(conditions);
        balanced(situation, findings, conditions);
        Optional<ShardMap> map = situation.map();
        List<Leader> leaders = map.stream()
                .flatMap(known -> known.getGroupsList().stream())
                .map(group -> new Leader(
                        group.getId(), situation.leader(group.getId()).orElse(null)))
                .toList();
        KVClusterStatus known = map.isEmpty()
                ? before
                : new KVClusterStatus(
                        null,
                        situation.activeGroups().size(),
                        null,
                        null,
                        null,
                        moving(map.get()),
                        map.get().getEpoch(),
                        leaders,
                        leading(leaders),
                        null,
                        null,
                        null);
        boolean fewerAsked = situation.cluster().getSpec().groups() < known.groups();
        return status(
                situation.cluster(),
                clusterId(situation.cluster()),
                known,
                fewerAsked ? scaleIn.since().map(Instant::toString).orElse(null) : null,
                conditions,
                summary(situation, findings));
    }

    private static KVClusterStatus stopped(Situation.Stopped situation, KVClusterStatus before, Conditions conditions) {
        // Nodes serve without the operator: what was ready stays so.
        String ready = conditions.was(Conditions.READY) ? Conditions.TRUE : Conditions.FALSE;
        conditions.add(Conditions.READY, ready, situation.reason(), situation.words());
        conditions.add(Conditions.PROGRESSING, Conditions.FALSE, situation.reason(), situation.words());
        conditions.add(Conditions.DEGRADED, Conditions.TRUE, situation.reason(), situation.words());
        conditions.add(Conditions.BALANCED, Conditions.UNKNOWN, situation.reason(), "");
        // Before the first pods are made the id may still be chosen.
        return status(
                situation.cluster(),
                before.clusterId(),
                before,
                before.fewerGroupsSince(),
                conditions,
                situation.words());
    }

    /** @param known for groups, moves, epoch and leaders */
    private static KVClusterStatus status(
            KVCluster cluster,
            String clusterId,
            KVClusterStatus known,
            String fewerGroupsSince,
            Conditions conditions,
            String message) {
        return new KVClusterStatus(
                clusterId,
                known.groups(),
                fewerGroupsSince,
                ClusterIdentity.of(cluster).scaleSelector(),
                cluster.getSpec().shards(),
                known.moving(),
                known.epoch(),
                known.leaders(),
                known.leading(),
                conditions.list(),
                cluster.getMetadata().getGeneration(),
                message);
    }

    private static String clusterId(KVCluster cluster) {
        return ClusterIdentity.of(cluster).clusterId();
    }

    private static void ready(Situation.Passed situation, Findings findings, Conditions conditions) {
        Optional<String> unserved = unserved(situation, findings);
        int active = situation.activeGroups().size();
        int asked = situation.pass().spec().groups();
        if (unserved.isPresent()) {
            Optional<Finding> worst = findings.worst();
            conditions.add(
                    Conditions.READY,
                    Conditions.FALSE,
                    worst.or(() -> findings.underWay().stream().findFirst())
                            .map(findings::reason)
                            .orElse("Starting"),
                    worst.map(Finding::words).orElse(unserved.get()));
        } else if (!conditions.was(Conditions.READY) && active < asked) {
            conditions.add(
                    Conditions.READY,
                    Conditions.FALSE,
                    "GroupJoining",
                    active + " of " + asked + " groups are active; every shard is served already");
        } else {
            conditions.add(Conditions.READY, Conditions.TRUE, "Serving", "every shard is served");
        }
    }

    /** Which shards nobody serves, as far as known; empty when all are served. */
    private static Optional<String> unserved(Situation.Passed situation, Findings findings) {
        return switch (situation.pass().observation().map()) {
            case MapView.Unreadable(String reason) -> Optional.of("the shard map can't be read: " + reason);
            case MapView.NotCreated() -> Optional.of("there is no shard map yet");
            case MapView.Known(ShardMap map, var leaders) ->
                new TreeSet<>(map.getOwnerList())
                        .stream()
                                .filter(group -> findings.stopping(group).isPresent()
                                        || situation.leader(group).isEmpty())
                                .findFirst()
                                .map(group -> "group " + group + " has no leader");
        };
    }

    private static void progressing(
            Situation.Passed situation, Findings findings, Conditions conditions, ScaleIn scaleIn) {
        List<Finding> underWay = findings.underWay();
        Optional<Pass.Outcome> failed = situation.pass().outcomes().stream()
                .filter(outcome -> outcome.failure().isPresent())
                .findFirst();
        if (!underWay.isEmpty()) {
            conditions.add(
                    Conditions.PROGRESSING,
                    Conditions.TRUE,
                    findings.reason(underWay.getFirst()),
                    Findings.words(underWay));
        } else if (failed.isPresent()) {
            conditions.add(
                    Conditions.PROGRESSING,
                    Conditions.TRUE,
                    "StepRepeated",
                    failed.get().step().words() + ": " + failed.get().failure().orElseThrow());
        } else if (!situation.pass().plan().steps().isEmpty()) {
            conditions.add(
                    Conditions.PROGRESSING,
                    Conditions.TRUE,
                    "StepTaken",
                    situation.pass().plan().steps().getFirst().words());
        } else if (scaleIn.delays()) {
            conditions.add(
                    Conditions.PROGRESSING,
                    Conditions.TRUE,
                    "ScaleInDelayed",
                    scaleIn.groups() + " groups go on, for fewer have not been asked for as long as"
                            + " spec.rebalance.scaleInDelay says");
        } else {
            conditions.add(Conditions.PROGRESSING, Conditions.FALSE, "Settled", "");
        }
    }

    private static void balanced(Situation.Passed situation, Findings findings, Conditions conditions) {
        Optional<ShardMap> map = situation.map();
        if (map.isEmpty()) {
            conditions.add(
                    Conditions.BALANCED,
                    Conditions.UNKNOWN,
                    "MapUnreachable",
                    unserved(situation, findings).orElse(""));
            return;
        }
        List<Finding> moving = situation.pass().plan().findings().stream()
                .filter(finding -> finding instanceof Finding.Unbalanced
                        || finding instanceof Finding.Joining
                        || finding instanceof Finding.Leaving)
                .toList();
        int active = situation.activeGroups().size();
        int asked = situation.pass().spec().groups();
        if (moving.isEmpty() && moving(map.get()) == 0 && active == asked) {
            conditions.add(Conditions.BALANCED, Conditions.TRUE, "Balanced", "");
        } else {
            String groups = active + " groups of " + asked + " are active";
            conditions.add(
                    Conditions.BALANCED,
                    Conditions.FALSE,
                    "MovingShards",
                    moving.isEmpty() ? groups : Findings.words(moving));
        }
    }

    private static String leading(List<Leader> leaders) {
        return leaders.stream().filter(leader -> leader.pod() != null).count() + "/" + leaders.size();
    }

    private static int moving(ShardMap map) {
        return (int) map.getMovesList().stream()
                .map(Move::getState)
                .filter(state -> state == MoveState.COPYING)
                .count();
    }

    private static String summary(Situation.Passed situation, Findings findings) {
        return findings.worst()
                .or(() -> findings.underWay().stream().findFirst())
                .map(Finding::words)
                .orElseGet(() -> situation
                        .map()
                        .map(map -> map.getGroupsCount() + " groups serve " + map.getShardCount() + " shards")
                        .orElse("the cluster is starting"));
    }
}
