package dev.quorate.cli.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.api.Group;
import dev.quorate.api.Member;
import dev.quorate.cli.output.UserError;
import dev.quorate.control.ClusterSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** What a local cluster keeps on disk; the package's manual shows the layout. Files change by being replaced, durably. */
final class ClusterDirectory {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The files hold the cluster's token. */
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final String DELETED = "deleted-";
    private static final String DEFAULT_NAME = "demo";
    private static final int DEFAULT_GROUPS = 2;
    private static final int DEFAULT_REPLICAS = 3;
    private static final int DEFAULT_SHARDS = 256;

    /** What {@code cluster.json} holds. */
    private record Settings(String name, String clusterId, int groups, int replicas, int shards, String token) {}

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
            refuseOther(root, "replicas", found.replicas(), options.replicas().orElse(found.replicas()));
            refuseOther(root, "shards", found.shards(), options.shards().orElse(found.shards()));
            settings = new Settings(
                    found.name(),
                    found.clusterId(),
                    options.groups().orElse(found.groups()),
                    found.replicas(),
                    found.shards(),
                    found.token());
        } else {
            settings = new Settings(
                    options.name().orElse(DEFAULT_NAME),
                    UUID.randomUUID().toString(),
                    options.groups().orElse(DEFAULT_GROUPS),
                    options.replicas().orElse(DEFAULT_REPLICAS),
                    options.shards().orElse(DEFAULT_SHARDS),
                    UUID.randomUUID().toString());
        }
        ClusterDirectory directory = new ClusterDirectory(root, settings);
        directory.spec();
        return directory;
    }

    /** From now on the cluster is there. */
    void keep() throws IOException {
        Files.createDirectories(root.resolve("groups"));
        write(settingsFile(), JSON.writeValueAsBytes(settings));
        forgetDeleted();
    }

    private Path settingsFile() {
        return root.resolve("cluster.json");
    }

    private static void refuseOther(Path root, String what, Object found, Object asked) {
        if (!found.equals(asked)) {
            throw UserError.misused("the cluster in " + root + " was made with --" + what + " " + found
                    + ", which can't be changed to " + asked
                    + ": leave the option out, or choose another --data directory.");
        }
    }

    /** @throws UserError when the numbers do not fit together */
    ClusterSpec spec() {
        return spec(settings.groups());
    }

    /** The specification with another number of groups, which is not kept yet. */
    ClusterSpec spec(int groups) {
        try {
            return ClusterSpec.of(
                    settings.name(), settings.clusterId(), groups, settings.replicas(), settings.shards());
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

    void keepGroups(int groups) throws IOException {
        settings = new Settings(
                settings.name(),
                settings.clusterId(),
                groups,
                settings.replicas(),
                settings.shards(),
                settings.token());
        write(settingsFile(), JSON.writeValueAsBytes(settings));
    }

    List<Member> rootMembers() throws IOException {
        Path file = root.resolve("root-members");
        return Files.exists(file) ? Group.parseFrom(Files.readAllBytes(file)).getMembersList() : List.of();
    }

    void recordRootMembers(List<Member> members) throws IOException {
        write(
                root.resolve("root-members"),
                Group.newBuilder().setId(1).addAllMembers(members).build().toByteArray());
    }

    /** Groups that have a directory. */
    SortedSet<Integer> groups() throws IOException {
        SortedSet<Integer> groups = new TreeSet<>();
        if (!Files.exists(root.resolve("groups"))) {
            return groups;
        }
        try (Stream<Path> folders = Files.list(root.resolve("groups"))) {
            folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> !name.startsWith(DELETED))
                    .map(Integer::valueOf)
                    .forEach(groups::add);
        }
        return groups;
    }

    Path memberData(int group, int member) {
        return member(group, member).resolve("data");
    }

    private Path member(int group, int member) {
        return root.resolve("groups").resolve(group + "/" + member);
    }

    /** The member's ports: those it has, else new ones, for good. */
    MemberPorts ports(int group, int member, PortRange range) throws IOException {
        Path file = member(group, member).resolve("ports");
        if (Files.exists(file)) {
            MemberPorts ports = JSON.readValue(file.toFile(), MemberPorts.class);
            range.reserve(ports);
            return ports;
        }
        MemberPorts ports = range.next();
        Files.createDirectories(file.getParent());
        write(file, JSON.writeValueAsBytes(ports));
        return ports;
    }

    /** Removes the group's directories. First by name, at once: a removal that is cut short leaves no half of a group. */
    void deleteGroup(int group) throws IOException {
        Path folder = root.resolve("groups").resolve(String.valueOf(group));
        if (Files.exists(folder)) {
            Files.move(folder, folder.resolveSibling(DELETED + group + "-" + UUID.randomUUID()));
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

    private void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                OWNER_ONLY)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel parent = FileChannel.open(file.getParent())) {
            parent.force(true);
        }
    }
}
