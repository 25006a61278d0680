package dev.quorate.server.map;

import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.ShardMap;
import dev.quorate.server.driver.Commands;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.Store;
import dev.quorate.store.proto.Command;
import java.time.Duration;

/** The root group from within: works on its leader only. */
public final class LocalRoot implements Root {
    private final Commands commands;
    private final Store store;

    public LocalRoot(Commands commands, Store store) {
        this.commands = commands;
        this.store = store;
    }

    @Override
    public ShardMap readMap(Duration timeout) {
        // The state machine has come at least as far as the read; its map may be newer, which is as good.
        return commands.read(_ -> store.map(), timeout);
    }

    @Override
    public MapChangeResult change(MapChange change, Duration timeout) {
        ApplyResult result =
                commands.execute(Command.newBuilder().setMapChange(change).build(), timeout);
        return switch (result) {
            case ApplyResult.Map(MapChangeResult answer) -> answer;
            default -> throw new IllegalStateException("a change of the map came out as " + result);
        };
    }
}
