package dev.quorate.server.redis;

import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.Member;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.ShardMap;
import dev.quorate.client.Slots;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The shard map in the words of Redis Cluster: per group a master (its leader, as far as known, else the first member other than the one that is asked),
 * replicas, and the ranges of slots that it owns.
 *
 * @param owners groups that have members, by id
 */
record ClusterTopology(long epoch, List<Owner> owners) {
    record Owner(Member master, List<Member> replicas, List<Range> ranges) {}

    /** Slots, both ends included. */
    record Range(int first, int last) {}

    /** @param selfId the member that is asked */
    static ClusterTopology of(RouteResponse route, String selfId) {
        ShardMap map = route.getMap();
        Map<Integer, String> leaders = route.getLeadersList().stream()
                .collect(Collectors.toMap(GroupLeader::getGroupId, GroupLeader::getMemberId, (first, later) -> later));
        List<Owner> owners = new ArrayList<>();
        for (Group group : map.getGroupsList()) {
            if (group.getMembersCount() > 0) {
                Member master = master(group, leaders.getOrDefault(group.getId(), ""), selfId);
                List<Member> replicas = group.getMembersList().stream()
                        .filter(member -> !member.equals(master))
                        .toList();
                owners.add(new Owner(master, replicas, ranges(map, group.getId())));
            }
        }
        return new ClusterTopology(map.getEpoch(), owners);
    }

    /** The node id of Redis Cluster for a member: 40 hexadecimal digits, always the same. */
    static String nodeId(String memberId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(memberId.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static Member master(Group group, String leaderId, String selfId) {
        return first(group, id -> id.equals(leaderId))
                .or(() -> first(group, id -> !id.equals(selfId)))
                .orElse(group.getMembers(0));
    }

    private static Optional<Member> first(Group group, Predicate<String> wanted) {
        return group.getMembersList().stream()
                .filter(member -> wanted.test(member.getId()))
                .findFirst();
    }

    private static List<Range> ranges(ShardMap map, int groupId) {
        List<Range> ranges = new ArrayList<>();
        int shardCount = map.getShardCount();
        for (int shard = 0; shard < shardCount; shard++) {
            int from = shard;
            while (shard < shardCount && map.getOwner(shard) == groupId) {
                shard++;
            }
            if (shard > from) {
                ranges.add(new Range(Slots.firstSlot(from, shardCount), Slots.firstSlot(shard, shardCount) - 1));
            }
        }
        return ranges;
    }
}
