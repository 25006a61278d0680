package dev.quorate.cli.local;

import java.util.List;

/** The ports that a member announces, and so keeps for ever. */
record MemberPorts(int redis, int grpc, int admin, int peer) {
    List<Integer> all() {
        return List.of(redis, grpc, admin, peer);
    }
}
