package dev.quorate.server.transport;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Who a node is to its peers, and how it knows one.
 *
 * @param memberId this member's id
 * @param token the secret that nodes of a cluster share
 */
public record Self(String clusterId, int groupId, String memberId, String token) {
    boolean knowsToken(String other) {
        // Takes as long for a wrong token as for a right one.
        return MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Self[" + clusterId + " group " + groupId + " member " + memberId + "]";
    }
}
