package dev.quorate.server.transport;

import dev.quorate.api.Member;

/** Where a node of a group listens to its peers. */
public record PeerAddress(int groupId, String host, int port) {
    public static PeerAddress of(int groupId, Member member) {
        return new PeerAddress(groupId, member.getHost(), member.getPeerPort());
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
