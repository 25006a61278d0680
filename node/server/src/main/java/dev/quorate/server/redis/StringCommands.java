package dev.quorate.server.redis;

import static dev.quorate.server.redis.Command.Keys.ALL;
import static dev.quorate.server.redis.Command.Keys.ONE;
import static dev.quorate.server.redis.Command.Keys.PAIRS;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import java.util.ArrayList;
import java.util.List;

/** Commands on values. */
final class StringCommands {
    private static final String GROUP = "string";
    private static final String READ = "readonly fast";
    private static final String WRITE = "write denyoom";
    private static final String WRITE_FAST = "write denyoom fast";

    private StringCommands() {}

    static List<Command> all() {
        return List.of(
                Command.data(
                        "get",
                        2,
                        READ,
                        ONE,
                        GROUP,
                        "Returns the value of a key.",
                        call -> call.read(values -> value(values.getFirst()))),
                Command.data(
                        "mget",
                        -2,
                        READ,
                        ALL,
                        GROUP,
                        "Returns the values of keys of one slot.",
                        call -> call.read(values -> new Reply.Items(
                                values.stream().map(StringCommands::value).toList()))),
                Command.data(
                        "strlen",
                        2,
                        READ,
                        ONE,
                        GROUP,
                        "Returns the length of a value.",
                        call -> call.read(values -> Reply.number(length(values.getFirst())))),
                Command.data("set", -3, WRITE, ONE, GROUP, "Sets the value of a key.", StringCommands::set),
                Command.data("setnx", 3, WRITE_FAST, ONE, GROUP, "Sets a key if it is absent.", StringCommands::setnx),
                Command.data(
                        "setex",
                        4,
                        WRITE,
                        ONE,
                        GROUP,
                        "Sets a value that expires after seconds.",
                        call -> setex(call, true, "setex")),
                Command.data(
                        "psetex",
                        4,
                        WRITE,
                        ONE,
                        GROUP,
                        "Sets a value that expires after millis.",
                        call -> setex(call, false, "psetex")),
                Command.data(
                        "getset",
                        3,
                        WRITE_FAST,
                        ONE,
                        GROUP,
                        "Sets a value, returns the previous.",
                        call -> put(call, Put.newBuilder().setReturnPrevious(true), 2, StringCommands::previous)),
                Command.data(
                        "getdel",
                        2,
                        "write fast",
                        ONE,
                        GROUP,
                        "Deletes a key, returns its value.",
                        call -> call.write(List.of(delete(call.keys().getFirst(), true)), r -> previous(r.getFirst()))),
                Command.data("mset", -3, WRITE, PAIRS, GROUP, "Sets keys of one slot, together.", StringCommands::mset),
                Command.data("incr", 2, WRITE_FAST, ONE, GROUP, "Adds 1 to a number.", call -> add(call, 1)),
                Command.data("decr", 2, WRITE_FAST, ONE, GROUP, "Subtracts 1 from a number.", call -> add(call, -1)),
                Command.data(
                        "incrby", 3, WRITE_FAST, ONE, GROUP, "Adds to a number.", call -> add(call, call.number(2))),
                Command.data("decrby", 3, WRITE_FAST, ONE, GROUP, "Subtracts from a number.", StringCommands::decrby));
    }

    private static Action set(Invocation call) {
        SetOptions options = SetOptions.parse(call, 3);
        if (options.returnsPrevious()) {
            return put(call, options.put(), 2, StringCommands::previous);
        }
        return put(call, options.put(), 2, result -> result.applied() ? Reply.OK : Reply.NIL);
    }

    private static Action setnx(Invocation call) {
        Put.Builder put = Put.newBuilder().setCondition(Put.Condition.IF_ABSENT);
        return put(call, put, 2, result -> Reply.number(result.applied() ? 1 : 0));
    }

    private static Action setex(Invocation call, boolean seconds, String command) {
        Put.Builder put = Put.newBuilder();
        SetOptions.expire(put, call, 2, seconds, true, command);
        return put(call, put, 3, result -> Reply.OK);
    }

    private static Action mset(Invocation call) {
        if (call.size() % 2 == 0) {
            throw CommandException.wrongArity("mset");
        }
        List<Operation> operations = new ArrayList<>();
        for (int i = 1; i < call.size(); i += 2) {
            operations.add(operation(call.bytes(i))
                    .setPut(Put.newBuilder().setValue(shared(call.bytes(i + 1))))
                    .build());
        }
        return call.write(operations, results -> Reply.OK);
    }

    private static Action decrby(Invocation call) {
        long decrement = call.number(2);
        if (decrement == Long.MIN_VALUE) {
            throw new CommandException("ERR decrement would overflow");
        }
        return add(call, -decrement);
    }

    private static Action add(Invocation call, long delta) {
        Operation increment = operation(call.keys().getFirst())
                .setIncrement(Increment.newBuilder().setDelta(delta))
                .build();
        return call.write(
                List.of(increment), results -> Reply.number(results.getFirst().number()));
    }

    private interface PutReply {
        Reply of(OperationResult result);
    }

    private static Action put(Invocation call, Put.Builder put, int valueIndex, PutReply reply) {
        Operation operation = operation(call.keys().getFirst())
                .setPut(put.setValue(shared(call.bytes(valueIndex))))
                .build();
        return call.write(List.of(operation), results -> reply.of(results.getFirst()));
    }

    static Operation delete(byte[] key, boolean returnPrevious) {
        return operation(key)
                .setDelete(Delete.newBuilder().setReturnPrevious(returnPrevious))
                .build();
    }

    private static Operation.Builder operation(byte[] key) {
        return Operation.newBuilder().setKey(shared(key));
    }

    /** Without a copy: nobody writes to a request's arguments. */
    private static ByteString shared(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static Reply previous(OperationResult result) {
        return value(result.previous());
    }

    private static Reply value(Versioned found) {
        return found == null ? Reply.NIL : new Reply.Bulk(found.value());
    }

    private static int length(Versioned found) {
        return found == null ? 0 : found.value().length;
    }
}
