package dev.quorate.server;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.JoinGroup;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Which bootstrap a node accepts: the first that makes sense, and that one again. Anything else could elect an empty twin of a group. */
final class BootstrapRules {
    private BootstrapRules() {}

    /**
     * Whether the node is part of this very group already.
     *
     * @param recorded the bootstrap that the node knows, or null
     * @throws RequestException of code INVALID when the request is not acceptable
     */
    static boolean isRepeated(BootstrapRequest request, NodeConfig config, String selfId, BootstrapRequest recorded) {
        checkOwn(request, config);
        if (recorded == null) {
            checkMembers(request.getMembersList());
            check(memberIds(request).contains(selfId), "this node, " + selfId + ", is not among the members");
            return false;
        }
        checkSame(request, recorded);
        return true;
    }

    /** Whether the node joined this very group already. Like a bootstrap, but the node is none of the founding members. */
    static boolean isRepeated(JoinGroup join, NodeConfig config, String selfId, BootstrapRequest recorded) {
        BootstrapRequest founding = join.getFounding();
        check(
                join.getMemberId().equals(selfId),
                "member " + join.getMemberId() + " is not here: this node is " + selfId + ", a new member");
        checkOwn(founding, config);
        if (recorded == null) {
            checkMembers(founding.getMembersList());
            checkMembers(join.getContactsList());
            check(!memberIds(founding).contains(selfId), "a founding member is bootstrapped, it does not join");
            return false;
        }
        checkSame(founding, recorded);
        return true;
    }

    private static void checkOwn(BootstrapRequest request, NodeConfig config) {
        check(
                request.getClusterId().equals(config.clusterId()),
                "this node belongs to cluster " + config.clusterId() + ", not " + request.getClusterId());
        check(
                request.getGroupId() == config.groupId(),
                "this node belongs to group " + config.groupId() + ", not " + request.getGroupId());
    }

    private static void checkSame(BootstrapRequest request, BootstrapRequest recorded) {
        check(
                memberIds(recorded).equals(memberIds(request)),
                "this node is already part of a group with other members: " + names(recorded)
                        + "; a group is bootstrapped once");
    }

    static void checkMembers(List<Member> members) {
        Set<String> seen = new HashSet<>();
        for (Member member : members) {
            check(
                    isUuid(member.getId()),
                    "a member's id must be the UUID that its node describes, not \"" + member.getId() + "\"");
            check(seen.add(member.getId()), "member " + member.getId() + " is named twice");
            check(
                    !member.getHost().isEmpty() && member.getPeerPort() > 0,
                    "member " + member.getName() + " needs a host and a peer port");
        }
    }

    static boolean isUuid(String id) {
        try {
            return UUID.fromString(id).toString().equals(id);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static void check(boolean holds, String message) {
        if (!holds) {
            throw RequestException.of(Error.Code.INVALID, Effect.NOT_APPLIED, message);
        }
    }

    private static Set<String> memberIds(BootstrapRequest bootstrap) {
        return bootstrap.getMembersList().stream().map(Member::getId).collect(Collectors.toSet());
    }

    static String names(BootstrapRequest bootstrap) {
        return bootstrap.getMembersList().stream()
                .map(member -> member.getName() + "=" + member.getId())
                .collect(Collectors.joining(" "));
    }
}
