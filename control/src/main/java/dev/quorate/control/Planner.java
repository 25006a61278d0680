package dev.quorate.control;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.ShardMap;
import dev.quorate.control.Observation.GroupObservation;
import dev.quorate.control.Observation.MapView;
import dev.quorate.control.Observation.NodeObservation;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides what to do next: a pure function. Its goals, in order: nothing is lost (no bootstrap over state, no deletion before root recorded
 * the removal), every shard has one home, the count of groups is as asked, least moves, even placement, everything up to date.
 */
public final class Planner {
    /** The root group, which keeps the shard map. The first made, never removed. */
    public static final int ROOT = 1;

    private Planner() {}

    public static Plan plan(ClusterSpec spec, Observation observation) {
        Draft draft = new Draft();
        SortedMap<Integer, GroupHealth> health = health(observation);
        List<Member> rootRecord =
                observation.group(ROOT).map(GroupObservation::recorded).orElse(List.of());
        Formation formation = new Formation(spec, observation, draft);
        formation.formRoot(
                rootRecord,
                observation.group(ROOT).map(group -> record(observation, group)).orElse(List.of()));
        switch (observation.map()) {
            case MapView.Unreadable(String reason) -> {
                if (!rootRecord.isEmpty()) {
                    draft.finding(new Finding.MapUnreadable(reason));
                }
            }
            case MapView.NotCreated() -> {
                if (!rootRecord.isEmpty() && health.get(ROOT).healthy()) {
                    draft.step(new Step.ChangeMap(MapChanges.create(spec.clusterId(), spec.shards(), rootRecord)));
                }
            }
            case MapView.Known(ShardMap map, var leaders) ->
                planKnown(spec, observation, map, health, formation, draft);
        }
        health.keySet().removeIf(draft::deletes);
        health.values().forEach(group -> report(spec, group, observation.map(), draft));
        health.keySet().removeIf(group -> draft.bootstraps(group) || draft.changesMembers(group));
        Rollout.plan(health.values(), draft);
        return draft.plan();
    }

    private static void planKnown(
            ClusterSpec spec,
            Observation observation,
            ShardMap map,
            SortedMap<Integer, GroupHealth> health,
            Formation formation,
            Draft draft) {
        if (!map.getClusterId().equals(spec.clusterId())) {
            draft.finding(new Finding.WrongMap("it belongs to cluster " + map.getClusterId()));
            return;
        }
        if (map.getShardCount() != spec.shards()) {
            draft.finding(new Finding.WrongMap(
                    "it has " + map.getShardCount() + " shards, not " + spec.shards() + ", and that can't be changed"));
            return;
        }
        draft.epoch(map.getEpoch());
        Lives lives = Lives.of(spec, map);
        lives.plan(health, formation, observation, draft);
        map.getGroupsList().forEach(group -> Membership.plan(spec, group, health.get(group.getId()), draft));
        Balance.of(spec, map, lives, health).plan(draft);
    }

    private static SortedMap<Integer, GroupHealth> health(Observation observation) {
        SortedMap<Integer, GroupHealth> health = new TreeMap<>();
        observation.groups().forEach((id, group) -> health.put(id, GroupHealth.of(group, record(observation, group))));
        return health;
    }

    private static List<Member> record(Observation observation, GroupObservation group) {
        if (observation.map() instanceof MapView.Known(ShardMap map, var leaders)) {
            return map.getGroupsList().stream()
                    .filter(known -> known.getId() == group.id())
                    .map(Group::getMembersList)
                    .findFirst()
                    .orElse(List.of());
        }
        return group.recorded();
    }

    private static void report(ClusterSpec spec, GroupHealth group, MapView map, Draft draft) {
        group.nodes().stream().filter(node -> !leaves(spec, group, node)).forEach(node -> {
            switch (node.answer()) {
                case Observation.Answer.Silent(String reason) ->
                    draft.finding(new Finding.NodeSilent(group.group(), node.name(), reason));
                case Observation.Answer.Described(var said) -> {
                    if (said.getBootstrapped() && !said.getTrouble().isEmpty()) {
                        draft.finding(new Finding.NodeUnwell(group.group(), node.name(), said.getTrouble()));
                    }
                }
            }
        });
        if (!group.bootstrapped() && !fellSilent(group, map)) {
            return;
        }
        group.leader()
                .flatMap(NodeObservation::description)
                .map(NodeDescription::getDifferencesList)
                .filter(differences -> !differences.isEmpty())
                .ifPresent(differences ->
                        draft.finding(new Finding.ReplicasDiffer(group.group(), String.join("; ", differences))));
        if (!group.hasQuorum()) {
            draft.finding(new Finding.QuorumLost(
                    group.group(), group.answering(), group.members().size()));
        } else if (group.leader().isEmpty()) {
            draft.finding(new Finding.NoLeader(group.group()));
        }
    }

    /** It is no member any more, and goes. */
    private static boolean leaves(ClusterSpec spec, GroupHealth group, NodeObservation node) {
        return Platform.ordinal(node.name()) >= spec.replicas()
                && group.members().stream().noneMatch(member -> member.getName().equals(node.name()));
    }

    /** It served once, and now not one of its nodes answers: they can't say themselves that they were bootstrapped. */
    private static boolean fellSilent(GroupHealth group, MapView map) {
        return group.nodes().stream().allMatch(node -> node.answer() instanceof Observation.Answer.Silent)
                && map instanceof MapView.Known(ShardMap known, var leaders)
                && known.getGroupsList().stream()
                        .filter(each -> each.getId() == group.group())
                        .anyMatch(each -> each.getState() != GroupState.JOINING);
    }
}
