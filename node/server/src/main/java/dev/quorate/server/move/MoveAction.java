package dev.quorate.server.move;

import dev.quorate.api.MapChange;
import dev.quorate.store.proto.Command;

/** What one side of a move is to do next. */
public sealed interface MoveAction {
    /** Nothing, until the shard's state or root's record changes. */
    record Await() implements MoveAction {}

    /** A command for the own group's log. */
    record Propose(Command command) implements MoveAction {}

    /** A change of the map, for root. */
    record AskRoot(MapChange change) implements MoveAction {}

    /** Pull the shard from the source, from where the import stands, through the own log. */
    record Import() implements MoveAction {}
}
