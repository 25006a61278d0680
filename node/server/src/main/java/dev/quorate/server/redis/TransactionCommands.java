package dev.quorate.server.redis;

import java.util.List;

/** MULTI and what belongs to it, answered in words until they are supported. */
final class TransactionCommands {
    private static final String GROUP = "transactions";
    private static final String FLAGS = "noscript loading stale fast";

    private TransactionCommands() {}

    static List<Command> all() {
        return List.of(
                Command.keyless("multi", 1, FLAGS, GROUP, "Not supported yet.", TransactionCommands::refuse),
                Command.keyless("exec", 1, FLAGS, GROUP, "Not supported yet.", TransactionCommands::refuse),
                Command.keyless("discard", 1, FLAGS, GROUP, "Not supported yet.", TransactionCommands::refuse),
                Command.data(
                        "watch", -2, FLAGS, Command.Keys.ALL, GROUP, "Not supported yet.", TransactionCommands::refuse),
                Command.keyless("unwatch", 1, FLAGS, GROUP, "Not supported yet.", TransactionCommands::refuse));
    }

    private static Action refuse(Invocation call) {
        throw new CommandException(
                "ERR transactions are not supported yet: MSET and DEL take several keys of one slot and apply them together");
    }
}
