package dev.quorate.server.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A command as the table knows it.
 *
 * @param name lower case; {@code container|name} for a subcommand
 * @param arity number of arguments with the name; negative for a minimum
 * @param flags as in COMMAND's reply
 * @param subcommands of a container, whose own handler is never called with a known one
 */
record Command(
        String name,
        int arity,
        List<String> flags,
        Keys keys,
        String group,
        String summary,
        List<Command> subcommands,
        Handler handler) {

    /** Decides what a call asks for. Pure but for the session, and quick: it runs on the event loop. */
    @FunctionalInterface
    interface Handler {
        Action run(Invocation call);
    }

    /**
     * Where a command's keys are among its arguments.
     *
     * @param first 0 for none
     * @param last negative counts from the end
     */
    record Keys(int first, int last, int step) {
        static final Keys NONE = new Keys(0, 0, 0);
        static final Keys ONE = new Keys(1, 1, 1);
        static final Keys ALL = new Keys(1, -1, 1);
        static final Keys PAIRS = new Keys(1, -1, 2);

        List<byte[]> of(List<byte[]> arguments) {
            List<byte[]> keys = new ArrayList<>();
            int end = last < 0 ? arguments.size() + last : last;
            for (int i = first; first > 0 && i <= end; i += step) {
                keys.add(arguments.get(i));
            }
            return keys;
        }
    }

    /** A command of the string and generic groups. Flags are separated by blanks. */
    static Command data(
            String name, int arity, String flags, Keys keys, String group, String summary, Handler handler) {
        return new Command(name, arity, List.of(flags.split(" ")), keys, group, summary, List.of(), handler);
    }

    /** A command without keys. Flags are separated by blanks. */
    static Command keyless(String name, int arity, String flags, String group, String summary, Handler handler) {
        return data(name, arity, flags, Keys.NONE, group, summary, handler);
    }

    /** A command that does nothing but lead to its subcommands. */
    static Command container(String name, String group, String summary, List<Command> subcommands) {
        return new Command(name, -2, List.of(), Keys.NONE, group, summary, subcommands, call -> {
            throw new CommandException(
                    "ERR unknown subcommand '" + call.text(1) + "'. Try " + name.toUpperCase(Locale.ROOT) + " HELP.");
        });
    }

    boolean accepts(int argumentCount) {
        return arity >= 0 ? argumentCount == arity : argumentCount >= -arity;
    }

    boolean writes() {
        return flags.contains("write");
    }
}
