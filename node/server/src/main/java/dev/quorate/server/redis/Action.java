package dev.quorate.server.redis;

import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Operation;
import java.util.List;
import java.util.function.Function;

/** What a command asks for. Commands only decide; the connection does it, in the client's order. */
sealed interface Action {
    /** The reply is known at once. */
    record Answer(Reply reply) implements Action {}

    /** The last reply on the connection. */
    record AnswerAndClose(Reply reply) implements Action {}

    /** Reads keys, all of one slot; null for those that are absent. */
    record Read(int slot, List<byte[]> keys, Function<List<Versioned>, Reply> reply) implements Action {}

    /** Applies operations on keys of one slot, together. */
    record Write(int slot, List<Operation> operations, Function<List<OperationResult>, Reply> reply)
            implements Action {}

    static Action answer(Reply reply) {
        return new Answer(reply);
    }
}
