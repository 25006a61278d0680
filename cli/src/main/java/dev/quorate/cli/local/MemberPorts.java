package dev.quorate.cli.local;

import dev.quorate.server.NodeConfig;
import java.util.List;

/** The ports that a member announces, and so keeps for ever. */
record MemberPorts(int redis, int grpc, int admin, int peer) {
    static MemberPorts of(NodeConfig config) {
        NodeConfig.Ports ports = config.ports();
        return new MemberPorts(ports.redis(), ports.grpc(), ports.admin(), ports.peer());
    }

    List<Integer> all() {
        return List.of(redis, grpc, admin, peer);
    }
}
