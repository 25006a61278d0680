package dev.quorate.server.redis;

import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Operation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * One call of a command.
 *
 * @param arguments with the command's name (and subcommand's) first
 * @param keys those of the arguments that are keys
 * @param slot of the keys; -1 when there are none
 * @param nowMillis Unix time of the call
 */
record Invocation(List<byte[]> arguments, List<byte[]> keys, int slot, Session session, long nowMillis) {
    int size() {
        return arguments.size();
    }

    byte[] bytes(int index) {
        return arguments.get(index);
    }

    String text(int index) {
        return new String(arguments.get(index), StandardCharsets.UTF_8);
    }

    boolean is(int index, String word) {
        return text(index).equalsIgnoreCase(word);
    }

    /** The argument as Redis reads integers: no plus sign, no leading zeros, no blanks. */
    long number(int index) {
        String text = text(index);
        try {
            long number = Long.parseLong(text);
            if (Long.toString(number).equals(text)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below, like other spellings that Redis does not take.
        }
        throw CommandException.notAnInteger();
    }

    Action read(Function<List<Versioned>, Reply> reply) {
        return new Action.Read(slot, keys, reply);
    }

    Action write(List<Operation> operations, Function<List<OperationResult>, Reply> reply) {
        return new Action.Write(slot, operations, reply);
    }
}
