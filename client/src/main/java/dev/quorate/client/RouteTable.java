package dev.quorate.client;

import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.Member;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.ShardMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where to ask for a shard, as some node told: immutable. */
final class RouteTable {
    static final RouteTable EMPTY = new RouteTable(RouteResponse.getDefaultInstance());

    private final ShardMap map;
    private final Map<Integer, List<Endpoint>> membersByGroup = new HashMap<>();

    RouteTable(RouteResponse route) {
        this.map = route.getMap();
        Map<Integer, String> leaders = new HashMap<>();
        for (GroupLeader leader : route.getLeadersList()) {
            leaders.put(leader.getGroupId(), leader.getMemberId());
        }
        for (Group group : map.getGroupsList()) {
            membersByGroup.put(group.getId(), leaderFirst(group, leaders.get(group.getId())));
        }
    }

    private static List<Endpoint> leaderFirst(Group group, String leaderId) {
        List<Endpoint> members = new ArrayList<>();
        for (Member member : group.getMembersList()) {
            Endpoint endpoint = new Endpoint(member.getHost(), member.getGrpcPort());
            members.add(member.getId().equals(leaderId) ? 0 : members.size(), endpoint);
        }
        return members;
    }

    long epoch() {
        return map.getEpoch();
    }

    /** 0 when no map is known. */
    int shardCount() {
        return map.getShardCount();
    }

    /** The members of the shard's owner, its leader first as far as known. None when there is no such shard. */
    List<Endpoint> membersOf(int shard) {
        if (shard < 0 || shard >= map.getOwnerCount()) {
            return List.of();
        }
        return membersByGroup.getOrDefault(map.getOwner(shard), List.of());
    }

    Set<Endpoint> allMembers() {
        Set<Endpoint> all = new HashSet<>();
        membersByGroup.values().forEach(all::addAll);
        return all;
    }
}
