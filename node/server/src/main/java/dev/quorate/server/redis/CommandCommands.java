package dev.quorate.server.redis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** COMMAND: the table in its own words, which some clients route by. */
final class CommandCommands {
    private static final String GROUP = "server";
    private static final String FLAGS = "loading stale";

    private final Map<String, Command> commands;

    /** @param commands by name; may still be filled after this */
    CommandCommands(Map<String, Command> commands) {
        this.commands = commands;
    }

    List<Command> all() {
        List<Command> subcommands = List.of(
                Command.keyless(
                        "command|count",
                        2,
                        FLAGS,
                        GROUP,
                        "Counts the commands.",
                        call -> Action.answer(Reply.number(commands.size()))),
                Command.keyless(
                        "command|info",
                        -2,
                        FLAGS,
                        GROUP,
                        "Describes commands.",
                        call -> Action.answer(new Reply.Items(
                                named(call).stream().map(this::infoOrNil).toList()))),
                Command.keyless("command|docs", -2, FLAGS, GROUP, "Documents commands.", this::docs),
                Command.keyless("command|getkeys", -3, FLAGS, GROUP, "Returns the keys of a call.", this::getKeys),
                Command.keyless(
                        "command|list",
                        2,
                        FLAGS,
                        GROUP,
                        "Names the commands.",
                        call -> Action.answer(new Reply.Items(
                                sortedNames().stream().map(Reply::bulk).toList()))));
        return List.of(new Command(
                "command",
                -1,
                List.of("loading", "stale"),
                Command.Keys.NONE,
                GROUP,
                "Describes all commands.",
                subcommands,
                this::describeAll));
    }

    private Action describeAll(Invocation call) {
        if (call.size() > 1) {
            throw new CommandException("ERR unknown subcommand '" + call.text(1) + "'. Try COMMAND HELP.");
        }
        return Action.answer(
                new Reply.Items(sortedNames().stream().map(this::infoOrNil).toList()));
    }

    private List<String> sortedNames() {
        return commands.keySet().stream().sorted(Comparator.naturalOrder()).toList();
    }

    /** The names after the subcommand, or all when there are none. */
    private List<String> named(Invocation call) {
        return call.size() == 2
                ? sortedNames()
                : IntStream.range(2, call.size())
                        .mapToObj(i -> call.text(i).toLowerCase(Locale.ROOT))
                        .toList();
    }

    private Reply infoOrNil(String name) {
        Command command = commands.get(name);
        return command == null ? Reply.NIL : info(command);
    }

    private static Reply info(Command command) {
        return Reply.items(
                Reply.bulk(command.name()),
                Reply.number(command.arity()),
                statuses(command.flags(), Function.identity()),
                Reply.number(command.keys().first()),
                Reply.number(command.keys().last()),
                Reply.number(command.keys().step()),
                statuses(categories(command), category -> "@" + category),
                Reply.EMPTY,
                Reply.EMPTY,
                new Reply.Items(command.subcommands().stream()
                        .map(CommandCommands::info)
                        .toList()));
    }

    private static Reply statuses(List<String> words, Function<String, String> text) {
        return new Reply.Unordered(words.stream()
                .<Reply>map(word -> new Reply.Status(text.apply(word)))
                .toList());
    }

    private static List<String> categories(Command command) {
        List<String> categories = new ArrayList<>();
        if (command.writes()) {
            categories.add("write");
        } else if (command.flags().contains("readonly")) {
            categories.add("read");
        }
        switch (command.group()) {
            case "string", "connection" -> categories.add(command.group());
            case "generic" -> categories.add("keyspace");
            case "transactions" -> categories.add("transaction");
            default -> {
                // The other groups have no category of their own.
            }
        }
        categories.add(command.flags().contains("fast") ? "fast" : "slow");
        return categories;
    }

    private Action docs(Invocation call) {
        List<Reply> pairs = new ArrayList<>();
        for (String name : named(call)) {
            Command command = commands.get(name);
            if (command != null) {
                pairs.add(Reply.bulk(name));
                pairs.add(docs(command));
            }
        }
        return Action.answer(new Reply.Pairs(pairs));
    }

    private static Reply docs(Command command) {
        if (command.subcommands().isEmpty()) {
            return Reply.pairs("summary", command.summary(), "group", command.group());
        }
        List<Reply> subcommands = new ArrayList<>();
        for (Command subcommand : command.subcommands()) {
            subcommands.add(Reply.bulk(subcommand.name()));
            subcommands.add(docs(subcommand));
        }
        return Reply.pairs(
                "summary", command.summary(), "group", command.group(), "subcommands", new Reply.Pairs(subcommands));
    }

    private Action getKeys(Invocation call) {
        List<byte[]> inner = call.arguments().subList(2, call.size());
        Command command = commands.get(call.text(2).toLowerCase(Locale.ROOT));
        if (command == null) {
            throw new CommandException("ERR Invalid command specified");
        }
        if (!command.accepts(inner.size())) {
            throw new CommandException("ERR Invalid number of arguments specified for command");
        }
        List<byte[]> keys = command.keys().of(inner);
        if (keys.isEmpty()) {
            throw new CommandException("ERR The command has no key arguments");
        }
        return Action.answer(
                new Reply.Items(keys.stream().<Reply>map(Reply.Bulk::new).toList()));
    }
}
