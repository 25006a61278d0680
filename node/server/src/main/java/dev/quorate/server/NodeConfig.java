package dev.quorate.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a node is set up.
 *
 * @param clusterId the cluster it belongs to
 * @param groupId the group it is a member of; 1 is the root group
 * @param name for people: the pod's or directory's name
 * @param host announced to clients and peers; a DNS name that outlives the process' address
 * @param bindHost where its ports listen
 * @param ports announced, and listened on
 * @param dataDirectory its own, kept across restarts
 * @param rootPeers {@code host:peerPort} of members of the root group, for a node that knows no map yet; may be empty for the root group's own
 * @param token the secret that the cluster's nodes and administrators share
 * @param tick the consensus clock: a leader is heard of every 6 ticks; a follower waits 16 to 32 for it, and 7 to 13 after their connection broke
 * @param limits bounds of what it holds
 */
public record NodeConfig(
        String clusterId,
        int groupId,
        String name,
        String host,
        String bindHost,
        Ports ports,
        Path dataDirectory,
        List<String> rootPeers,
        String token,
        Duration tick,
        Limits limits) {
    public static final Duration DEFAULT_TICK = Duration.ofMillis(25);

    public NodeConfig {
        rootPeers = List.copyOf(rootPeers);
        require(!clusterId.isBlank(), "a node needs a cluster id");
        require(groupId >= 1, "a group's id is at least 1");
        require(!host.isBlank(), "a node needs a host that its peers and clients can reach it by");
        require(tick.toMillis() >= 1, "a tick is at least a millisecond");
        for (String peer : rootPeers) {
            require(peer.matches(".+:\\d{1,5}"), "a root peer is host:port, not \"" + peer + "\"");
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** A node's ports; the node itself listens only on the peer port, its shell on the others. */
    public record Ports(int peer, int redis, int grpc, int admin, int http) {}

    /**
     * @param logBytes most that the log has, however far a follower is behind; at least 64 KiB
     * @param logTailBytes what it keeps once everybody has it; more only for followers that are behind
     * @param requests requests under way at a time, held ones included; any more are answered BUSY
     * @param requestBytes bytes of their keys and values
     * @param concurrentImports shards that this group copies from others at a time
     * @param reserveBytes of disk that are kept for deletes on a full disk; it counts as full when half as much is left beside
     * @param snapshotBytesPerSecond of snapshots that it sends to other members, all together
     * @param moveBytesPerSecond of shards that leave this node, all together, and as much of those that come
     */
    public record Limits(
            long logBytes,
            long logTailBytes,
            int requests,
            long requestBytes,
            int concurrentImports,
            long reserveBytes,
            long snapshotBytesPerSecond,
            long moveBytesPerSecond) {
        public Limits {
            require(
                    logBytes >= 64 << 10 && logTailBytes <= logBytes,
                    "a log has at least 64 KiB, its tail no more than the log");
            require(
                    requests > 0
                            && requestBytes > 0
                            && concurrentImports > 0
                            && reserveBytes > 0
                            && snapshotBytesPerSecond > 0
                            && moveBytesPerSecond > 0,
                    "limits are positive");
        }

        public static Limits defaults() {
            return new Limits(256L << 20, 64L << 20, 20_000, 128L << 20, 4, 32L << 20, 64L << 20, 23L << 20);
        }

        public Limits withMoveBytesPerSecond(long bytes) {
            return new Limits(
                    logBytes,
                    logTailBytes,
                    requests,
                    requestBytes,
                    concurrentImports,
                    reserveBytes,
                    snapshotBytesPerSecond,
                    bytes);
        }
    }

    @Override
    public String toString() {
        return "NodeConfig[" + clusterId + " group " + groupId + " " + name + " " + host + ":" + ports.peer() + "]";
    }
}
