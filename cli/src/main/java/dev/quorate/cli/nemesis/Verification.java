package dev.quorate.cli.nemesis;

import dev.quorate.api.CompareReplicasResponse;
import dev.quorate.api.Group;
import dev.quorate.api.ShardMap;
import dev.quorate.history.History;
import dev.quorate.history.Limits;
import dev.quorate.history.Linearizability;
import dev.quorate.history.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What must hold when faults are over. Each method throws a {@link Violation}, or returns. */
final class Verification {
    private static final Limits LIMITS = new Limits(Duration.ofMinutes(3), 512L << 20);

    private final Members members;
    private final int replicas;
    private final Path historyFile;

    /** @param historyFile where a history that is not right is kept */
    Verification(Members members, int replicas, Path historyFile) {
        this.members = members;
        this.replicas = replicas;
        this.historyFile = historyFile;
    }

    /** Every shard is owned by the group that the map says, and no other group has anything of it. */
    void oneHomePerShard() throws InterruptedException {
        for (Group group : map().getGroupsList()) {
            Await.until(
                    "one home for each shard of group " + group.getId(),
                    () -> members.map()
                            .filter(map -> members.shards(group.getId())
                                    .filter(owned(map, group.getId())::equals)
                                    .isPresent())
                            .isPresent(),
                    () -> members.shards(group.getId()) + " by the group, the map: " + members.map());
        }
    }

    private ShardMap map() throws InterruptedException {
        AtomicReference<ShardMap> read = new AtomicReference<>();
        Await.until(
                "the shard map",
                () -> {
                    members.map().ifPresent(read::set);
                    return read.get() != null;
                },
                () -> "the root group does not answer");
        return read.get();
    }

    private static Map<Integer, String> owned(ShardMap map, int group) {
        return IntStream.range(0, map.getShardCount())
                .filter(shard -> map.getOwner(shard) == group)
                .boxed()
                .collect(Collectors.toMap(shard -> shard, _ -> "OWNED"));
    }

    /** All replicas of all shards have the same digest. A single one has nothing to be compared with. */
    void replicasEqual() throws InterruptedException {
        if (replicas == 1) {
            return;
        }
        List<Integer> owners = map().getOwnerList();
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

    /** What clients saw is linearizable. If not, the history is kept. */
    void linearizable(History history) throws IOException {
        switch (Linearizability.check(history, LIMITS)) {
            case Verdict.Linearizable _ -> {}
            case Verdict.Violation violation -> throw kept(history, violation.explanation());
            case Verdict.Undecided undecided -> throw kept(history, undecided.reason());
        }
    }

    private Violation kept(History history, String explanation) throws IOException {
        history.write(historyFile);
        return new Violation(explanation + "\nthe history is in " + historyFile);
    }
}
