package dev.quorate.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a cluster of processes left behind, seen without its control process. */
public record ClusterFolder(Path root) {
    /** Stops in good order the members that still run. */
    public void stopMembers() throws IOException {
        for (MemberHome home : members()) {
            home.process()
                    .map(process -> new MemberProcess(home.folder().toString(), process))
                    .ifPresent(MemberProcess::close);
        }
    }

    private List<MemberHome> members() throws IOException {
        Path groups = root.resolve("groups");
        if (!Files.isDirectory(groups)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.walk(groups, 2)) {
            return folders.filter(folder -> folder.getParent().getParent().equals(groups))
                    .map(MemberHome::new)
                    .toList();
        }
    }

    /** Whether a cluster was ever made here. */
    boolean holdsCluster() {
        return Files.exists(root.resolve("cluster.json"));
    }

    public void delete() throws IOException {
        ClusterDirectory.deleteAll(root);
    }
}
