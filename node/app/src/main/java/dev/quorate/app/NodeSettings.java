package dev.quorate.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of a node: {@code quorate.*}, or in the environment {@code QUORATE_CLUSTER_ID} and so on. */
@ConfigMapping(prefix = "quorate")
public interface NodeSettings {
    /** The cluster that the node belongs to. */
    String clusterId();

    /** The group that it is a member of; 1 is the root group. */
    int groupId();

    /** For people: the pod's name. */
    String name();

    /** What it announces to clients and peers: a DNS name that outlives the process' address. */
    String host();

    /** Where its ports listen. */
    @WithDefault("0.0.0.0")
    String bindHost();

    /** Kept across restarts, and its own. */
    Path dataDirectory();

    /** {@code host:peerPort} of members of the root group, from which a node that knows no map yet learns it. */
    Optional<List<String>> rootPeers();

    /** A file with the secret that the cluster's nodes and administrators share. */
    Path tokenFile();

    /** How long stopping may take: handing leadership over, and answering what is under way. */
    @WithDefault("45s")
    Duration stopGrace();

    /** Bytes a second of the shards that move away from this node, all together, and as many of those that come. */
    Optional<Long> moveBytesPerSecond();

    PortSettings ports();

    /** Ports, listened on and announced. */
    interface PortSettings {
        @WithDefault("6379")
        int redis();

        @WithDefault("9000")
        int grpc();

        @WithDefault("7380")
        int peer();

        @WithDefault("7381")
        int admin();
    }
}
