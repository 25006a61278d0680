package dev.quorate.server.redis;

import static dev.quorate.server.redis.Command.Keys.ALL;
import static dev.quorate.server.redis.Command.Keys.ONE;

import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import java.util.List;
import java.util.Objects;

/** Commands on keys, whatever they hold. */
final class KeyCommands {
    private static final String GROUP = "generic";
    private static final String READ = "readonly fast";
    private static final long NO_KEY = -2;
    private static final long NEVER = -1;

    private KeyCommands() {}

    static List<Command> all() {
        return List.of(
                Command.data("del", -2, "write", ALL, GROUP, "Deletes keys of one slot.", KeyCommands::delete),
                Command.data("unlink", -2, "write fast", ALL, GROUP, "The same as DEL.", KeyCommands::delete),
                Command.data(
                        "exists",
                        -2,
                        READ,
                        ALL,
                        GROUP,
                        "Counts those of the keys that exist.",
                        call -> call.read(values -> Reply.number(
                                values.stream().filter(Objects::nonNull).count()))),
                Command.data(
                        "type",
                        2,
                        READ,
                        ONE,
                        GROUP,
                        "Returns string or none.",
                        call -> call.read(values -> new Reply.Status(values.getFirst() == null ? "none" : "string"))),
                Command.data(
                        "ttl",
                        2,
                        READ,
                        ONE,
                        GROUP,
                        "Returns the seconds until a key expires.",
                        call -> call.read(
                                values -> Reply.number(seconds(leftMillis(values.getFirst(), call.nowMillis()))))),
                Command.data(
                        "pttl",
                        2,
                        READ,
                        ONE,
                        GROUP,
                        "Returns the millis until a key expires.",
                        call -> call.read(values -> Reply.number(leftMillis(values.getFirst(), call.nowMillis())))));
    }

    private static Action delete(Invocation call) {
        return call.write(
                call.keys().stream()
                        .map(key -> StringCommands.delete(key, false))
                        .toList(),
                results -> Reply.number(
                        results.stream().filter(OperationResult::applied).count()));
    }

    private static long leftMillis(Versioned found, long nowMillis) {
        if (found == null) {
            return NO_KEY;
        }
        return found.deadlineMillis() == 0 ? NEVER : Math.max(0, found.deadlineMillis() - nowMillis);
    }

    /** Rounded, as Redis does. */
    private static long seconds(long leftMillis) {
        return leftMillis < 0 ? leftMillis : (leftMillis + 500) / 1000;
    }
}
