package dev.quorate.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.api.ShardMap;
import dev.quorate.server.proto.GroupRecord;
import dev.quorate.server.proto.NodeIdentity;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's directory, locked while it is open.
 *
 * <pre>
 * lock        held by the process
 * identity    cluster, group, name and id of the member; made at the first start, never changed
 * group       how this member became part of a group: its founding, and the members it joined
 * removed     the group has removed this member: the next start archives all of this and makes a new member
 * map         the newest shard map seen, a hint for redirects
 * log/        the write-ahead log
 * store/      the state machine
 * reserve     space that deletes live on when the disk is full
 * snapshots/  on their way in and out; nothing in it counts after a restart
 * archive/    what the last member that was removed had, by its id
 * </pre>
 */
final class DataDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

    private final Path root;
    private final FileChannel lockFile;
    private final UUID memberId;

    private DataDirectory(Path root, FileChannel lockFile, UUID memberId) {
        this.root = root;
        this.lockFile = lockFile;
        this.memberId = memberId;
    }

    static DataDirectory open(NodeConfig config) throws NodeStartException {
        Path root = config.dataDirectory();
        try {
            Files.createDirectories(root);
            FileChannel lockFile = lock(root);
            try {
                RemovedMember.archive(root);
                return new DataDirectory(root, lockFile, identify(root.resolve("identity"), config));
            } catch (IOException | NodeStartException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw new NodeStartException("the data directory " + root + " can't be used: " + e.getMessage(), e);
        }
    }

    private static FileChannel lock(Path root) throws IOException, NodeStartException {
        FileChannel file = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            LOG.debug("the directory {} is open in this very process", root);
        }
        if (lock == null) {
            file.close();
            throw new NodeStartException("the data directory " + root
                    + " is in use by another node: stop that one, or give this one its own");
        }
        return file;
    }

    private static UUID identify(Path file, NodeConfig config) throws IOException, NodeStartException {
        byte[] bytes = AtomicFile.read(file);
        if (bytes == null) {
            NodeIdentity made = NodeIdentity.newBuilder()
                    .setClusterId(config.clusterId())
                    .setGroupId(config.groupId())
                    .setName(config.name())
                    .setMemberId(UUID.randomUUID().toString())
                    .build();
            AtomicFile.write(file, made.toByteArray());
            LOG.info("event=member_created name={} id={}", config.name(), made.getMemberId());
            return UUID.fromString(made.getMemberId());
        }
        NodeIdentity found = NodeIdentity.parseFrom(bytes);
        refuse(config, "cluster", found.getClusterId(), config.clusterId());
        refuse(config, "group", "" + found.getGroupId(), "" + config.groupId());
        refuse(config, "member", found.getName(), config.name());
        return UUID.fromString(found.getMemberId());
    }

    private static void refuse(NodeConfig config, String what, String found, String expected)
            throws NodeStartException {
        if (!found.equals(expected)) {
            throw new NodeStartException(
                    "the data directory " + config.dataDirectory() + " belongs to " + what + " " + found
                            + ", but this node is set up for " + what + " " + expected
                            + ": give it the right directory, or an empty one for a new member");
        }
    }

    UUID memberId() {
        return memberId;
    }

    /** How this member became part of its group, if it did. */
    Optional<GroupRecord> group() throws IOException {
        byte[] bytes = AtomicFile.read(root.resolve("group"));
        return bytes == null ? Optional.empty() : Optional.of(GroupRecord.parseFrom(bytes));
    }

    void recordGroup(GroupRecord group) throws IOException {
        AtomicFile.write(root.resolve("group"), group.toByteArray());
    }

    /** The group has removed this member: nothing here is of use to it any more. */
    void markRemoved() throws IOException {
        RemovedMember.mark(root);
    }

    /** The newest map seen before, else an empty one: a damaged hint is no hint. */
    ShardMap rememberedMap() {
        try {
            byte[] bytes = AtomicFile.read(root.resolve("map"));
            return bytes == null ? ShardMap.getDefaultInstance() : ShardMap.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a map with a right checksum can't be read", e);
        } catch (IOException e) {
            LOG.warn("event=map_forgotten reason=\"{}\"", e.getMessage());
            return ShardMap.getDefaultInstance();
        }
    }

    void rememberMap(ShardMap map) throws IOException {
        AtomicFile.write(root.resolve("map"), map.toByteArray());
    }

    Path log() {
        return root.resolve("log");
    }

    Path store() {
        return root.resolve("store");
    }

    Path snapshots() {
        return root.resolve("snapshots");
    }

    Path reserve() {
        return root.resolve("reserve");
    }

    /** Marks that a snapshot is being put in the place of the log and the store. */
    Path installing() {
        return root.resolve("installing");
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
