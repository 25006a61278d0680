package dev.quorate.server.redis;

import dev.quorate.server.redis.Action.Answer;
import java.util.List;
import java.util.Locale;

/** Commands about the connection itself. There are no passwords: who may connect is the network's affair. */
final class ConnectionCommands {
    /** The version of Redis whose commands and replies these are. Clients choose features by it. */
    static final String REDIS_VERSION = "7.2.0";

    private static final String GROUP = "connection";
    private static final String ANY_TIME = "noscript loading stale fast no_auth allow_busy";
    private static final String FAST = "loading stale fast";

    private ConnectionCommands() {}

    static List<Command> all() {
        return List.of(
                Command.keyless("ping", -1, "fast", GROUP, "Returns PONG, or the argument.", ConnectionCommands::ping),
                Command.keyless(
                        "echo",
                        2,
                        FAST,
                        GROUP,
                        "Returns the argument.",
                        call -> Action.answer(new Reply.Bulk(call.bytes(1)))),
                Command.keyless("hello", -1, ANY_TIME, GROUP, "Chooses RESP2 or RESP3.", ConnectionCommands::hello),
                Command.keyless("auth", -2, ANY_TIME, GROUP, "Accepts the default user.", ConnectionCommands::auth),
                Command.keyless("select", 2, FAST, GROUP, "Accepts database 0, the only one.", call -> {
                    if (call.number(1) != 0) {
                        throw new CommandException("ERR SELECT is not allowed in cluster mode");
                    }
                    return Action.answer(Reply.OK);
                }),
                Command.keyless(
                        "quit",
                        -1,
                        ANY_TIME,
                        GROUP,
                        "Closes the connection.",
                        call -> new Action.AnswerAndClose(Reply.OK)),
                Command.keyless("reset", 1, ANY_TIME, GROUP, "Makes the connection as new.", call -> {
                    call.session().reset();
                    return Action.answer(new Reply.Status("RESET"));
                }),
                Command.container("client", GROUP, "About connections and their clients.", clientCommands()));
    }

    private static List<Command> clientCommands() {
        String flags = "noscript loading stale";
        return List.of(
                Command.keyless(
                        "client|id",
                        2,
                        flags,
                        GROUP,
                        "Returns the connection's number.",
                        call -> Action.answer(Reply.number(call.session().id()))),
                Command.keyless("client|info", 2, flags, GROUP, "Describes this connection.", ConnectionCommands::info),
                Command.keyless(
                        "client|list", -2, flags, GROUP, "Describes this connection.", ConnectionCommands::info),
                Command.keyless("client|getname", 2, flags, GROUP, "Returns the connection's name.", call -> {
                    String name = call.session().name();
                    return Action.answer(name.isEmpty() ? Reply.NIL : Reply.bulk(name));
                }),
                Command.keyless("client|setname", 3, flags, GROUP, "Names the connection.", call -> {
                    call.session().setName(checked(call.text(2), "Client names"));
                    return Action.answer(Reply.OK);
                }),
                Command.keyless(
                        "client|setinfo", 4, flags, GROUP, "Names the client library.", ConnectionCommands::setInfo),
                Command.keyless("client|no-evict", 3, flags, GROUP, "Has no effect.", ConnectionCommands::onOrOff),
                Command.keyless("client|no-touch", 3, flags, GROUP, "Has no effect.", ConnectionCommands::onOrOff),
                Command.keyless("client|tracking", -3, flags, GROUP, "Accepts OFF.", call -> {
                    if (!call.is(2, "off")) {
                        throw new CommandException("ERR client-side caching is not supported: use CLIENT TRACKING OFF");
                    }
                    return Action.answer(Reply.OK);
                }),
                Command.keyless("client|reply", 3, flags, GROUP, "Accepts ON.", call -> {
                    if (!call.is(2, "on")) {
                        throw new CommandException("ERR every request is answered: use CLIENT REPLY ON");
                    }
                    return Action.answer(Reply.OK);
                }));
    }

    private static Action ping(Invocation call) {
        if (call.size() > 2) {
            throw CommandException.wrongArity("ping");
        }
        return Action.answer(call.size() == 2 ? new Reply.Bulk(call.bytes(1)) : new Reply.Status("PONG"));
    }

    private static Action hello(Invocation call) {
        Session session = call.session();
        int protocol = session.protocol();
        if (call.size() > 1) {
            protocol = helloProtocol(call);
        }
        String name = session.name();
        for (int at = 2; at < call.size(); at++) {
            if (call.is(at, "AUTH") && at + 2 < call.size()) {
                authenticate(call.text(at + 1));
                at += 2;
            } else if (call.is(at, "SETNAME") && at + 1 < call.size()) {
                name = checked(call.text(at + 1), "Client names");
                at++;
            } else {
                throw new CommandException("ERR Syntax error in HELLO option '" + call.text(at) + "'");
            }
        }
        session.setProtocol(protocol);
        session.setName(name);
        return new Answer(Reply.pairs(
                "server",
                "redis",
                "version",
                REDIS_VERSION,
                "proto",
                protocol,
                "id",
                session.id(),
                "mode",
                "cluster",
                "role",
                "master",
                "modules",
                Reply.EMPTY));
    }

    private static int helloProtocol(Invocation call) {
        long protocol;
        try {
            protocol = call.number(1);
        } catch (CommandException e) {
            throw new CommandException("ERR Protocol version is not an integer or out of range");
        }
        if (protocol != Session.RESP2 && protocol != Session.RESP3) {
            throw new CommandException("NOPROTO unsupported protocol version");
        }
        return (int) protocol;
    }

    private static Action auth(Invocation call) {
        switch (call.size()) {
            case 2 ->
                throw new CommandException(
                        "ERR AUTH <password> called without any password configured for the default user."
                                + " Are you sure your configuration is correct?");
            case 3 -> authenticate(call.text(1));
            default -> throw CommandException.syntax();
        }
        return Action.answer(Reply.OK);
    }

    /** The default user has no password, so that any is accepted, as by Redis. */
    private static void authenticate(String user) {
        if (!user.equals("default")) {
            throw new CommandException("WRONGPASS invalid username-password pair or user is disabled.");
        }
    }

    private static Action info(Invocation call) {
        return Action.answer(new Reply.Text(call.session().describe(call.nowMillis())));
    }

    private static Action setInfo(Invocation call) {
        String attribute = call.text(2).toLowerCase(Locale.ROOT);
        String value = checked(call.text(3), attribute);
        switch (attribute) {
            case "lib-name" -> call.session().setLibraryName(value);
            case "lib-ver" -> call.session().setLibraryVersion(value);
            default -> throw new CommandException("ERR Unrecognized option '" + call.text(2) + "'");
        }
        return Action.answer(Reply.OK);
    }

    private static Action onOrOff(Invocation call) {
        if (!call.is(2, "on") && !call.is(2, "off")) {
            throw CommandException.syntax();
        }
        return Action.answer(Reply.OK);
    }

    private static String checked(String name, String what) {
        if (name.length() > 256 || name.chars().anyMatch(c -> c < '!' || c > '~')) {
            throw new CommandException("ERR " + what + " cannot contain spaces, newlines or special characters.");
        }
        return name;
    }
}
