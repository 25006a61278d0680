package dev.quorate.server.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.Member;
import dev.quorate.api.Move;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.ShardMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The cluster's status as JSON:
 *
 * <pre>{@code
 * {"cluster": "...", "epoch": 7, "shardCount": 256, "settled": true, "shards": [1, 1, 2, ...], "findings": ["..."],
 *  "groups": [{"id": 1, "state": "ACTIVE", "leader": "a", "shards": 128, "members": [
 *     {"id": "...", "name": "a", "host": "...", "role": "LEADER", "ready": true, "redis": "host:port", "grpc": "host:port",
 *      "applied": 42, "trouble": ""}]}],
 *  "moves": [{"id": 6, "shard": 3, "from": 1, "to": 2, "state": "COPYING"}]}
 * }</pre>
 *
 * {@code shards} has the owning group by shard. A member that does not answer has role DOWN.
 */
public final class StatusJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private StatusJson() {}

    /**
     * @param cluster its name
     * @param route the map and who leads the groups
     * @param descriptions what members say of themselves, by their ids, as far as they answered
     */
    public static JsonNode of(String cluster, RouteResponse route, Map<String, NodeDescription> descriptions) {
        ShardMap map = route.getMap();
        ObjectNode status = JSON.objectNode()
                .put("cluster", cluster)
                .put("epoch", map.getEpoch())
                .put("shardCount", map.getShardCount())
                .put("settled", map.getEpoch() > 0 && map.getMovesCount() == 0);
        status.set("groups", groups(route, descriptions));
        status.set("shards", shards(map));
        status.set("moves", moves(map));
        status.set("findings", findings(map, descriptions));
        return status;
    }

    private static ArrayNode groups(RouteResponse route, Map<String, NodeDescription> descriptions) {
        Map<Integer, String> leaders = route.getLeadersList().stream()
                .collect(Collectors.toMap(GroupLeader::getGroupId, GroupLeader::getMemberId, (first, later) -> later));
        ArrayNode groups = JSON.arrayNode();
        for (Group group : route.getMap().getGroupsList()) {
            String leaderId = leaders.get(group.getId());
            long shards = route.getMap().getOwnerList().stream()
                    .filter(owner -> owner == group.getId())
                    .count();
            ObjectNode entry = groups.addObject()
                    .put("id", group.getId())
                    .put("state", group.getState().name())
                    .put("leader", nameOf(group, leaderId))
                    .put("shards", shards);
            ArrayNode members = entry.putArray("members");
            group.getMembersList().forEach(member -> members.add(member(member, descriptions.get(member.getId()))));
        }
        return groups;
    }

    private static String nameOf(Group group, String memberId) {
        return group.getMembersList().stream()
                .filter(member -> member.getId().equals(memberId))
                .map(Member::getName)
                .findFirst()
                .orElse(null);
    }

    private static ObjectNode member(Member member, NodeDescription said) {
        return JSON.objectNode()
                .put("id", member.getId())
                .put("name", member.getName())
                .put("host", member.getHost())
                .put("role", said == null ? "DOWN" : said.getRole())
                .put("ready", said != null && said.getReady())
                .put("redis", member.getHost() + ":" + member.getRedisPort())
                .put("grpc", member.getHost() + ":" + member.getGrpcPort())
                .put("applied", said == null ? 0 : said.getAppliedIndex())
                .put("trouble", said == null ? "does not answer" : said.getTrouble());
    }

    private static ArrayNode shards(ShardMap map) {
        ArrayNode shards = JSON.arrayNode();
        map.getOwnerList().forEach(shards::add);
        return shards;
    }

    private static ArrayNode moves(ShardMap map) {
        ArrayNode moves = JSON.arrayNode();
        for (Move move : map.getMovesList()) {
            moves.addObject()
                    .put("id", move.getId())
                    .put("shard", move.getShard())
                    .put("from", move.getFromGroup())
                    .put("to", move.getToGroup())
                    .put("state", move.getState().name());
        }
        return moves;
    }

    /** What is wrong, in words. */
    private static ArrayNode findings(ShardMap map, Map<String, NodeDescription> descriptions) {
        ArrayNode findings = JSON.arrayNode();
        if (map.getEpoch() == 0) {
            findings.add("there is no shard map yet: the cluster waits to be bootstrapped");
        }
        descriptions.values().stream()
                .filter(said -> !said.getTrouble().isEmpty())
                .forEach(said -> findings.add(said.getMember().getName() + ": " + said.getTrouble()));
        return findings;
    }
}
