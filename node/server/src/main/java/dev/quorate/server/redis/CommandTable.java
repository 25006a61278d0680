package dev.quorate.server.redis;

import dev.quorate.client.Slots;
import dev.quorate.server.data.KeyValueStore;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Every command, by name. Checks a call as far as the table says how, then lets the command decide what to do. */
final class CommandTable {
    private static final int ECHOED_MAX = 128;

    private final Map<String, Command> commands = new HashMap<>();
    private final RedisConfig.Limits limits;

    CommandTable(KeyValueStore store, RedisConfig config) {
        this.limits = config.limits();
        ClusterCommands cluster = new ClusterCommands(store, config.memberId());
        Stream.of(
                        StringCommands.all(),
                        KeyCommands.all(),
                        ConnectionCommands.all(),
                        TransactionCommands.all(),
                        cluster.all(),
                        new ServerCommands(cluster, config.port()).all(),
                        new CommandCommands(commands).all())
                .flatMap(List::stream)
                .forEach(command -> commands.put(command.name(), command));
    }

    /** The command that the arguments call, with its subcommand resolved. */
    Command find(List<byte[]> arguments) {
        Command command = commands.get(lower(arguments.getFirst()));
        if (command == null) {
            throw unknown(arguments);
        }
        if (arguments.size() > 1 && !command.subcommands().isEmpty()) {
            String name = command.name() + "|" + lower(arguments.get(1));
            for (Command subcommand : command.subcommands()) {
                if (subcommand.name().equals(name)) {
                    command = subcommand;
                    break;
                }
            }
        }
        if (!command.accepts(arguments.size())) {
            throw CommandException.wrongArity(command.name());
        }
        return command;
    }

    /** What a call of the command asks for. */
    Action run(Command command, List<byte[]> arguments, Session session, long nowMillis) {
        List<byte[]> keys = command.keys().of(arguments);
        return command.handler().run(new Invocation(arguments, keys, slotOf(keys), session, nowMillis));
    }

    private int slotOf(List<byte[]> keys) {
        int slot = -1;
        for (byte[] key : keys) {
            if (key.length > limits.keyBytes()) {
                throw new CommandException(
                        "ERR a key of " + key.length + " bytes is too long: the limit is " + limits.keyBytes());
            }
            int slotOfKey = Slots.slotOf(key);
            if (slot >= 0 && slotOfKey != slot) {
                throw new CommandException("CROSSSLOT Keys in request don't hash to the same slot");
            }
            slot = slotOfKey;
        }
        return slot;
    }

    private static CommandException unknown(List<byte[]> arguments) {
        StringBuilder text = new StringBuilder("ERR unknown command '");
        text.append(shortened(arguments.getFirst(), ECHOED_MAX)).append("', with args beginning with: ");
        int echoed = 0;
        for (int i = 1; i < arguments.size() && echoed < ECHOED_MAX; i++) {
            String argument = shortened(arguments.get(i), ECHOED_MAX - echoed);
            text.append('\'').append(argument).append("' ");
            echoed += argument.length() + 3;
        }
        return new CommandException(text.toString());
    }

    private static String shortened(byte[] bytes, int max) {
        return new String(bytes, 0, Math.min(bytes.length, max), StandardCharsets.UTF_8);
    }

    private static String lower(byte[] name) {
        return new String(name, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }
}
