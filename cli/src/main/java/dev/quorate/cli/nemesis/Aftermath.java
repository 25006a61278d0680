package dev.quorate.cli.nemesis;

import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.GroupView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What must hold of a cluster on this machine, its folders and logs, when faults are over. Each method throws a {@link Violation}, or returns. */
final class Aftermath {
    private static final String SEVERE = " SEVERE ";

    private final LocalCluster cluster;
    private final Members members;
    private final int replicas;

    Aftermath(LocalCluster cluster, Members members, int replicas) {
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
}
