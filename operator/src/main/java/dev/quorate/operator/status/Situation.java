package dev.quorate.operator.status;

import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.GroupState;
import dev.quorate.api.ShardMap;
import dev.quorate.control.Observation;
import dev.quorate.control.Observation.MapView;
import dev.quorate.control.Observation.NodeObservation;
import dev.quorate.control.Pass;
import dev.quorate.crds.KVCluster;
import dev.quorate.operator.kubernetes.Trouble;
import dev.quorate.operator.resources.ClusterIdentity;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where a cluster stands after a reconciliation. */
public sealed interface Situation {
    KVCluster cluster();

    default ClusterIdentity identity() {
        return ClusterIdentity.of(cluster());
    }

    /**
     * The control loop ran.
     *
     * @param troubles what keeps pods from running, by pod
     */
    record Passed(KVCluster cluster, Pass pass, SortedMap<String, Trouble> troubles) implements Situation {
        Optional<ShardMap> map() {
            return pass.observation().map() instanceof MapView.Known(ShardMap map, var leaders)
                    ? Optional.of(map)
                    : Optional.empty();
        }

        /** The shard map could be read. */
        public boolean mapKnown() {
            return map().isPresent();
        }

        /** The groups that own shards or may be given some. */
        public Set<Integer> activeGroups() {
            return map().stream()
                    .flatMap(map -> map.getGroupsList().stream())
                    .filter(group -> group.getState() == GroupState.ACTIVE)
                    .map(Group::getId)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** The pod that leads a group, by the nodes' own word or by the root group's. */
        Optional<String> leader(int group) {
            Observation observation = pass.observation();
            Optional<String> own = observation.group(group).stream()
                    .flatMap(found -> found.nodes().stream())
                    .filter(node -> node.description()
                            .filter(said ->
                                    said.getBootstrapped() && said.getRole().equals("LEADER"))
                            .isPresent())
                    .map(NodeObservation::name)
                    .findFirst();
            return own.or(() -> leaderByRoot(group));
        }

        private Optional<String> leaderByRoot(int group) {
            if (!(pass.observation().map() instanceof MapView.Known(ShardMap map, List<GroupLeader> leaders))) {
                return Optional.empty();
            }
            return leaders.stream()
                    .filter(leader -> leader.getGroupId() == group)
                    .flatMap(leader -> map.getGroupsList().stream()
                            .flatMap(known -> known.getMembersList().stream())
                            .filter(member -> member.getId().equals(leader.getMemberId())))
                    .map(member -> member.getName())
                    .findFirst();
        }
    }

    /**
     * It did not, and why.
     *
     * @param reason for the condition, one word
     * @param words what is so and what to do
     */
    record Stopped(KVCluster cluster, String reason, String words) implements Situation {}
}
