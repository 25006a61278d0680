package dev.quorate.cli.nemesis;

import dev.quorate.api.CompareReplicasResponse;
import dev.quorate.api.ShardMap;
import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.GroupView;
import dev.quorate.history.History;
import dev.quorate.history.Limits;
import dev.quorate.history.Linearizability;
import dev.quorate.history.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What must hold when faults are over. Each method throws a {@link Violation}, or returns. */
final class Verification {
    private static final Limits LIMITS = new Limits(Duration.ofMinutes(3), 512L << 20);
    private static final String SEVERE = " SEVERE ";

    private final LocalCluster cluster;
    private final Members members;
    private final int replicas;

    Verification(LocalCluster cluster, Members members, int replicas) {
        this.cluster = cluster;
        this.members = members;
        this.replicas = replicas;
    }

    /** The cluster comes to what was asked of it: as many groups, each of them whole, shards spread evenly, nothing left behind. */
    void settled() throws InterruptedException {
        Await.until("a settled cluster", this::isSettled, () -> cluster.view().toJson());
    }

    private boolean isSettled() {
        ClusterView view = cluster.view();
        return view.settled()
                && view.moves().isEmpty()
                && view.groups().size() == view.wantedGroups()
                && view.groups().stream().allMatch(group -> even(view, group) && members.whole(group.id(), replicas))
                && folders()
                        .equals(view.groups().stream()
                                .map(group -> String.valueOf(group.id()))
                                .sorted()
                                .toList());
    }

    private static boolean even(ClusterView view, GroupView group) {
        int least = view.shardCount() / view.groups().size();
        return group.shards() >= least && group.shards() <= least + 1;
    }

    private List<String> folders() {
        try (Stream<Path> folders = Files.list(cluster.data().resolve("groups"))) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Violation("the groups' folders can't be listed: " + e.getMessage());
        }
    }

    /** Every shard is owned by the group that the map says, and no other group has anything of it. */
    void oneHomePerShard() throws InterruptedException {
        for (GroupView group : cluster.view().groups()) {
            Await.until(
                    "one home for each shard of group " + group.id(),
                    () -> members.map()
                            .filter(map -> members.shards(group.id())
                                    .filter(owned(map, group.id())::equals)
                                    .isPresent())
                            .isPresent(),
                    () -> members.shards(group.id()) + " by the group, the map: " + members.map());
        }
    }

    private static Map<Integer, String> owned(ShardMap map, int group) {
        return IntStream.range(0, map.getShardCount())
                .filter(shard -> map.getOwner(shard) == group)
                .boxed()
                .collect(Collectors.toMap(shard -> shard, _ -> "OWNED"));
    }

    /** All replicas of all shards have the same digest. */
    void replicasEqual() throws InterruptedException {
        List<Integer> owners = cluster.view().shards();
        for (int shard = 0; shard < owners.size(); shard++) {
            int compared = shard;
            Await.until(
                    "a comparison of the replicas of shard " + shard,
                    () -> {
                        Optional<CompareReplicasResponse> said =
                                members.compareReplicas(owners.get(compared), compared);
                        said.filter(answer -> !answer.getEqual()).ifPresent(answer -> {
                            throw new Violation("replicas of shard " + compared + " differ: " + answer.getWords());
                        });
                        return said.filter(answer -> answer.getAnswers() == replicas)
                                .isPresent();
                    },
                    () -> String.valueOf(members.compareReplicas(owners.get(compared), compared)));
        }
    }

    /** No member has said that something is wrong with its data, or with itself. */
    void nothingSevereLogged() throws IOException {
        try (Stream<Path> files = Files.walk(cluster.data().resolve("groups"), 3)) {
            for (Path file : files.filter(path -> path.getFileName().toString().matches("member\\.\\d+\\.log"))
                    .toList()) {
                // A process that was killed may have left half a character behind.
                for (String line :
                        Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")) {
                    if (line.contains(SEVERE)) {
                        throw new Violation(file + " has: " + line);
                    }
                }
            }
        }
    }

    /** What clients saw is linearizable. If not, the history is kept. */
    void linearizable(History history) throws IOException {
        switch (Linearizability.check(history, LIMITS)) {
            case Verdict.Linearizable _ -> {}
            case Verdict.Violation violation -> throw kept(history, violation.explanation());
            case Verdict.Undecided undecided -> throw kept(history, undecided.reason());
        }
    }

    private Violation kept(History history, String explanation) throws IOException {
        Path file = cluster.data().resolve("history.jsonl");
        history.write(file);
        return new Violation(explanation + "\nthe history is in " + file);
    }
}
