package dev.quorate.cli.local;

import dev.quorate.cli.output.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a cluster of processes left behind, seen without its control process. */
public record ClusterFolder(Path root) {
    /** What is there when it was killed before it was a cluster. */
    private static final Pattern OF_A_CLUSTER_BEGUN =
            Pattern.compile("output|groups|cluster\\.json\\.next|quorate\\..*");

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

    /** Before a cluster is made here: {@link #delete} would take what else is in it. */
    void refuseForeign() throws IOException {
        if (holdsCluster()) {
            return;
        }
        try (Stream<Path> entries = Files.list(root)) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !OF_A_CLUSTER_BEGUN.matcher(name).matches())
                    .findFirst()
                    .ifPresent(name -> {
                        throw UserError.misused("the directory " + root + " holds other files, such as " + name
                                + ", and no cluster: choose one that is empty, or not there yet.");
                    });
        }
    }

    public void delete() throws IOException {
        ClusterDirectory.deleteAll(root);
    }
}
