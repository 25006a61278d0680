package dev.quorate.server.map;

import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.ShardMap;
import dev.quorate.server.proto.ReadMap;
import dev.quorate.server.proto.Request;
import java.time.Duration;

/** The root group from a member of another. What it answers also makes this node's copy newer. */
public final class RemoteRoot implements Root {
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    private final GroupCalls calls;
    private final MapCopy copy;

    public RemoteRoot(GroupCalls calls, MapCopy copy) {
        this.calls = calls;
        this.copy = copy;
    }

    @Override
    public ShardMap readMap(Duration timeout) {
        Request request =
                Request.newBuilder().setReadMap(ReadMap.getDefaultInstance()).build();
        var answer =
                calls.callLeader(MapCopy.ROOT_GROUP, request, ATTEMPT, timeout).getMap();
        copy.offer(answer.getMap());
        copy.offerLeaders(answer.getLeadersList());
        return answer.getMap();
    }

    @Override
    public MapChangeResult change(MapChange change, Duration timeout) {
        Request request = Request.newBuilder().setChangeMap(change).build();
        MapChangeResult result =
                calls.callLeader(MapCopy.ROOT_GROUP, request, ATTEMPT, timeout).getMapChange();
        copy.offer(result.getMap());
        return result;
    }
}
