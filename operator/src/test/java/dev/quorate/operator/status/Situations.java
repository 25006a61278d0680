package dev.quorate.operator.status;

import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.GroupState;
import dev.quorate.api.Member;
import dev.quorate.api.ShardMap;
import dev.quorate.control.ClusterSpec;
import dev.quorate.control.Finding;
import dev.quorate.control.Observation;
import dev.quorate.control.Observation.MapView;
import dev.quorate.control.Pass;
import dev.quorate.control.Plan;
import dev.quorate.control.Step;
import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterSpec;
import dev.quorate.operator.kubernetes.Trouble;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Situations of a cluster of two groups of three and four shards, for tests. */
final class Situations {
    private Situations() {}

    static Situation.Passed passed(
            KVCluster cluster,
            SortedMap<String, Trouble> troubles,
            MapView map,
            List<Step> steps,
            Finding... findings) {
        Pass pass = new Pass(
                ClusterSpec.of("demo", "uid", 2, 3, 4),
                new Observation(map, new TreeMap<>(), false),
                new Plan(steps, Arrays.asList(findings)),
                steps.stream()
                        .map(step -> new Pass.Outcome(step, Optional.empty()))
                        .toList());
        return new Situation.Passed(cluster, pass, troubles);
    }

    /** A map of epoch 5 whose groups all have leaders and shards. */
    static MapView.Known served(int groups) {
        ShardMap.Builder map =
                ShardMap.newBuilder().setClusterId("uid").setEpoch(5).setShardCount(4);
        for (int id = 1; id <= groups; id++) {
            map.addGroups(Group.newBuilder()
                    .setId(id)
                    .setState(GroupState.ACTIVE)
                    .addMembers(Member.newBuilder().setId("m" + id).setName("demo-g" + id + "-0"))
                    .addMembers(Member.newBuilder().setId("m" + id + "b").setName("demo-g" + id + "-1"))
                    .addMembers(Member.newBuilder().setId("m" + id + "c").setName("demo-g" + id + "-2")));
        }
        for (int shard = 0; shard < 4; shard++) {
            map.addOwner(1 + shard % groups);
        }
        List<GroupLeader> leaders = map.getGroupsList().stream()
                .map(group -> GroupLeader.newBuilder()
                        .setGroupId(group.getId())
                        .setMemberId("m" + group.getId())
                        .build())
                .toList();
        return new MapView.Known(map.build(), leaders);
    }

    static KVCluster cluster() {
        KVCluster cluster = new KVCluster();
        cluster.getMetadata().setName("demo");
        cluster.getMetadata().setNamespace("shop");
        cluster.getMetadata().setUid("uid");
        cluster.getMetadata().setGeneration(7L);
        cluster.setSpec(new KVClusterSpec(2, 3, 4, null, null, null, null, null, null, null));
        return cluster;
    }
}
