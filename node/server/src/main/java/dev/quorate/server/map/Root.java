package dev.quorate.server.map;

import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.ShardMap;
import java.time.Duration;

/** The root group, as its own members and as other groups reach it. Blocks; failures are {@link dev.quorate.server.data.RequestException}. */
public interface Root {
    /** The map, linearizably. */
    ShardMap readMap(Duration timeout);

    /** Changes the map; on a failure of effect UNKNOWN it may have been changed. */
    MapChangeResult change(MapChange change, Duration timeout);
}
