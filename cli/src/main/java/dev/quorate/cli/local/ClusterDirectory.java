package dev.quorate.cli.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.api.Group;
import dev.quorate.api.Member;
import dev.quorate.cli.console.ClusterFile;
import dev.quorate.cli.output.UserError;
import dev.quorate.control.ClusterSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** What a local cluster keeps on disk; the package's manual shows the layout. Files change by being replaced, durably. */
final class ClusterDirectory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DELETED = "deleted-";
    private static final String DEFAULT_NAME = "demo";
    private static final int DEFAULT_GROUPS = 2;
    private static final int DEFAULT_REPLICAS = 3;
    private static final int DEFAULT_SHARDS = 256;

    /** What {@code cluster.json} holds. */
    private record Settings(
            String name,
            String clusterId,
            int groups,
            int replicas,
            int shards,
            int maxMoves,
            int maxMovesPerGroup,
            String token) {
        Settings with(int groups, int replicas, int maxMoves, int maxMovesPerGroup) {
            return new Settings(name, clusterId, groups, replicas, shards, maxMoves, maxMovesPerGroup, token);
        }

        ClusterSpec spec() {
            return new ClusterSpec(name, clusterId, groups, replicas, shards, maxMoves, maxMovesPerGroup);
        }
    }

    private final Path root;
    private Settings settings;

    private ClusterDirectory(Path root, Settings settings) {
        this.root = root;
        this.settings = settings;
    }

    /**
     * Reads the cluster that is there, or thinks up a new one. Nothing is written before {@link #keep}.
     *
     * @throws UserError when the options contradict the cluster that is there, or each other
     */
    static ClusterDirectory open(Path root, LocalOptions options) throws IOException {
        Path file = root.resolve("cluster.json");
        Settings settings;
        if (Files.exists(file)) {
            Settings found = JSON.readValue(file.toFile(), Settings.class);
            refuseOther(root, "name", found.name(), options.name().orElse(found.name()));
            refuseOther(root, "shards", found.shards(), options.shards().orElse(found.shards()));
            settings = found.with(
                    options.groups().orElse(found.groups()),
                    options.replicas().orElse(found.replicas()),
                    options.maxMoves().orElse(found.maxMoves()),
                    options.maxMovesPerGroup().orElse(found.maxMovesPerGroup()));
        } else {
            settings = new Settings(
                    options.name().orElse(DEFAULT_NAME),
                    UUID.randomUUID().toString(),
                    options.groups().orElse(DEFAULT_GROUPS),
                    options.replicas().orElse(DEFAULT_REPLICAS),
                    options.shards().orElse(DEFAULT_SHARDS),
                    options.maxMoves().orElse(ClusterSpec.DEFAULT_MAX_MOVES),
                    options.maxMovesPerGroup().orElse(ClusterSpec.DEFAULT_MAX_MOVES_PER_GROUP),
                    UUID.randomUUID().toString());
        }
        ClusterDirectory directory = new ClusterDirectory(root, settings);
        directory.spec();
        return directory;
    }

    /** From now on the cluster is there. */
    void keep() throws IOException {
        Files.createDirectories(root.resolve("groups"));
        DurableFile.write(settingsFile(), JSON.writeValueAsBytes(settings));
        forgetDeleted();
    }

    private Path settingsFile() {
        return root.resolve("cluster.json");
    }

    private static void refuseOther(Path root, String what, Object found, Object asked) {
        if (!found.equals(asked)) {
            throw UserError.misused("the cluster in " + root + " was made with " + what + " " + found
                    + ", which can't be changed to " + asked
                    + ": leave it out, or choose another directory.");
        }
    }

    /** @throws UserError when the numbers do not fit together */
    ClusterSpec spec() {
        return checked(settings);
    }

    private static ClusterSpec checked(Settings settings) {
        try {
            return settings.spec();
        } catch (IllegalArgumentException e) {
            throw UserError.misused(e.getMessage() + ".");
        }
    }

    String token() {
        return settings.token();
    }

    /** Where logs go; {@code %g} numbers them from the newest. */
    Path log() {
        return root.resolve("quorate.%g.log");
    }

    /**
     * Keeps what is asked for now.
     *
     * @throws UserError when the numbers do not fit together; nothing changes then
     */
    ClusterSpec change(int groups, int replicas, int maxMoves, int maxMovesPerGroup) throws IOException {
        Settings changed = settings.with(groups, replicas, maxMoves, maxMovesPerGroup);
        ClusterSpec spec = checked(changed);
        DurableFile.write(settingsFile(), JSON.writeValueAsBytes(changed));
        settings = changed;
        return spec;
    }

    /** @throws UserError when the file contradicts what can't be changed */
    void refuseOther(ClusterFile file) {
        refuseOther(root, "name", settings.name(), file.name());
        refuseOther(root, "shards", settings.shards(), file.shards());
    }

    List<Member> rootMembers() throws IOException {
        Path file = root.resolve("root-members");
        return Files.exists(file) ? Group.parseFrom(Files.readAllBytes(file)).getMembersList() : List.of();
    }

    void recordRootMembers(List<Member> members) throws IOException {
        DurableFile.write(
                root.resolve("root-members"),
                Group.newBuilder().setId(1).addAllMembers(members).build().toByteArray());
    }

    /** Groups that have a directory. */
    SortedSet<Integer> groups() throws IOException {
        return numbers(root.resolve("groups"));
    }

    /** How many members of a group have a directory. */
    int members(int group) throws IOException {
        return numbers(root.resolve("groups").resolve(String.valueOf(group))).size();
    }

    private static SortedSet<Integer> numbers(Path parent) throws IOException {
        SortedSet<Integer> numbers = new TreeSet<>();
        if (!Files.exists(parent)) {
            return numbers;
        }
        try (Stream<Path> folders = Files.list(parent)) {
            folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> !name.startsWith(DELETED))
                    .map(Integer::valueOf)
                    .forEach(numbers::add);
        }
        return numbers;
    }

    MemberHome member(int group, int member) {
        return new MemberHome(root.resolve("groups").resolve(group + "/" + member));
    }

    /** The member's ports: those it has, else new ones, for good. */
    MemberPorts ports(int group, int member, PortRange range) throws IOException {
        Path file = member(group, member).ports();
        if (Files.exists(file)) {
            MemberPorts ports = JSON.readValue(file.toFile(), MemberPorts.class);
            range.reserve(ports);
            return ports;
        }
        MemberPorts ports = range.next();
        DurableFile.write(file, JSON.writeValueAsBytes(ports));
        return ports;
    }

    /** Removes the group's directories. */
    void deleteGroup(int group) throws IOException {
        delete(root.resolve("groups").resolve(String.valueOf(group)));
    }

    void deleteMember(int group, int member) throws IOException {
        delete(member(group, member).folder());
    }

    /** First by name, at once: a removal that is cut short leaves no half. */
    private void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            Files.move(folder, root.resolve("groups").resolve(DELETED + UUID.randomUUID()));
        }
        forgetDeleted();
    }

    private void forgetDeleted() throws IOException {
        try (Stream<Path> folders = Files.list(root.resolve("groups"))) {
            for (Path folder : folders.filter(
                            path -> path.getFileName().toString().startsWith(DELETED))
                    .toList()) {
                deleteAll(folder);
            }
        }
    }

    static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((one, other) -> other.compareTo(one)).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
