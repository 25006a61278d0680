package dev.quorate.cli.view;

import dev.quorate.api.Group;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.ShardMap;
import dev.quorate.cli.view.ClusterView.GroupView;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.cli.view.ClusterView.MoveView;
import dev.quorate.cli.view.ClusterView.ShardLoadView;
import dev.quorate.control.Finding;
import dev.quorate.control.Observation;
import dev.quorate.control.Observation.GroupObservation;
import dev.quorate.control.Observation.MapView;
import dev.quorate.control.Observation.NodeObservation;
import dev.quorate.control.Pass;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Makes the view of what a control pass saw. */
public final class Views {
    /** What is below is the fading memory of a load that is over. */
    private static final double LEAST_OPERATIONS_PER_SECOND = 0.01;

    private Views() {}

    /** @param places where members run, by name */
    public static ClusterView of(Pass pass, Function<String, MemberPlace> places) {
        Observation observation = pass.observation();
        ShardMap map = observation.map() instanceof MapView.Known(ShardMap known, var leaders)
                ? known
                : ShardMap.getDefaultInstance();
        SortedSet<Integer> ids = new TreeSet<>(observation.groups().keySet());
        map.getGroupsList().forEach(group -> ids.add(group.getId()));
        return new ClusterView(
                pass.spec().name(),
                pass.spec().clusterId(),
                pass.spec().groups(),
                pass.settled(),
                map.getEpoch(),
                pass.spec().shards(),
                ids.stream()
                        .map(id -> group(pass.spec().name(), id, observation, map, places))
                        .toList(),
                map.getOwnerList(),
                map.getMovesList().stream()
                        .map(move -> new MoveView(
                                move.getId(),
                                move.getShard(),
                                move.getFromGroup(),
                                move.getToGroup(),
                                move.getState().name()))
                        .toList(),
                pass.plan().findings().stream().map(Finding::words).toList(),
                loads(observation, map));
    }

    /** By members of the group that owns the shard: what another one had to do before is over. */
    private static List<ShardLoadView> loads(Observation observation, ShardMap map) {
        Map<Integer, ShardLoadView> loads = new TreeMap<>();
        observation
                .groups()
                .forEach((group, observed) -> observed.nodes().stream()
                        .flatMap(node -> node.description().stream())
                        .flatMap(said -> said.getShardsList().stream())
                        .filter(info -> info.getShard() < map.getOwnerCount() && map.getOwner(info.getShard()) == group)
                        .filter(info -> info.getOperationsPerSecond() >= LEAST_OPERATIONS_PER_SECOND)
                        .map(info -> new ShardLoadView(
                                info.getShard(), group, info.getOperationsPerSecond(), info.getBytesPerSecond()))
                        .forEach(load -> loads.merge(load.shard(), load, Views::sum)));
        return List.copyOf(loads.values());
    }

    private static ShardLoadView sum(ShardLoadView one, ShardLoadView other) {
        return new ShardLoadView(
                one.shard(),
                one.group(),
                one.operationsPerSecond() + other.operationsPerSecond(),
                one.bytesPerSecond() + other.bytesPerSecond());
    }

    private static GroupView group(
            String cluster, int id, Observation observation, ShardMap map, Function<String, MemberPlace> places) {
        List<NodeObservation> nodes =
                observation.group(id).map(GroupObservation::nodes).orElse(List.of());
        String leader = nodes.stream()
                .filter(node -> node.description()
                        .filter(said -> said.getRole().equals("LEADER"))
                        .isPresent())
                .map(NodeObservation::name)
                .findFirst()
                .orElse(null);
        String state = map.getGroupsList().stream()
                .filter(group -> group.getId() == id)
                .map(Group::getState)
                .map(Enum::name)
                .findFirst()
                .orElse("UNKNOWN");
        int shards =
                (int) map.getOwnerList().stream().filter(owner -> owner == id).count();
        return new GroupView(
                id,
                state,
                leader,
                shards,
                nodes.stream()
                        .map(node -> member(cluster, id, node, places.apply(node.name())))
                        .toList());
    }

    private static MemberView member(String cluster, int group, NodeObservation node, MemberPlace place) {
        return switch (node.answer()) {
            case Observation.Answer.Silent(String reason) ->
                new MemberView(
                        cluster,
                        group,
                        "",
                        node.name(),
                        node.node().admin().host(),
                        "DOWN",
                        false,
                        "",
                        "",
                        node.node().admin().toString(),
                        0,
                        reason,
                        place.pid(),
                        place.directory());
            case Observation.Answer.Described(NodeDescription said) -> {
                Member member = said.getMember();
                yield new MemberView(
                        cluster,
                        group,
                        member.getId(),
                        node.name(),
                        member.getHost(),
                        said.getBootstrapped() ? said.getRole() : "EMPTY",
                        said.getReady(),
                        member.getHost() + ":" + member.getRedisPort(),
                        member.getHost() + ":" + member.getGrpcPort(),
                        member.getHost() + ":" + member.getAdminPort(),
                        said.getAppliedIndex(),
                        said.getTrouble(),
                        place.pid(),
                        place.directory());
            }
        };
    }
}
