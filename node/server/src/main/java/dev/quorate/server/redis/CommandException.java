package dev.quorate.server.redis;

/** A command that can't be run as it was sent. The message is the error reply, its first word the error's kind. */
final class CommandException extends RuntimeException {
    CommandException(String reply) {
        super(reply, null, false, false);
    }

    static CommandException syntax() {
        return new CommandException("ERR syntax error");
    }

    static CommandException notAnInteger() {
        return new CommandException("ERR value is not an integer or out of range");
    }

    static CommandException wrongArity(String command) {
        return new CommandException("ERR wrong number of arguments for '" + command + "' command");
    }
}
