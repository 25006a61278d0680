package dev.quorate.server.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A reply, whichever version of the protocol carries it. */
sealed interface Reply {
    /** A status, such as OK. */
    record Status(String text) implements Reply {}

    /** An error; its first word is what clients tell errors apart by. */
    record Failure(String text) implements Reply {}

    record Number(long value) implements Reply {}

    record Bulk(byte[] bytes) implements Reply {}

    /** Text for people; a bulk string in RESP2. */
    record Text(String text) implements Reply {}

    /** No value. */
    record Nil() implements Reply {}

    record Items(List<Reply> items) implements Reply {}

    /** Items without order; an array in RESP2. */
    record Unordered(List<Reply> items) implements Reply {}

    /** Keys and values in turn; an array in RESP2. */
    record Pairs(List<Reply> keysAndValues) implements Reply {}

    Reply OK = new Status("OK");
    Reply NIL = new Nil();
    Reply EMPTY = new Items(List.of());

    static Reply bulk(String text) {
        return new Bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply bulkOrNil(byte[] bytes) {
        return bytes == null ? NIL : new Bulk(bytes);
    }

    static Reply number(long value) {
        return new Number(value);
    }

    static Reply items(Reply... items) {
        return new Items(Arrays.asList(items));
    }

    /** Pairs of a text and a reply, or of a text and a text or number to make a reply of. */
    static Reply pairs(Object... keysAndValues) {
        List<Reply> replies = new ArrayList<>(keysAndValues.length);
        for (Object each : keysAndValues) {
            replies.add(
                    switch (each) {
                        case Reply reply -> reply;
                        case String text -> bulk(text);
                        case Integer number -> number(number);
                        case Long number -> number(number);
                        default -> throw new IllegalArgumentException("no reply is made of " + each.getClass());
                    });
        }
        return new Pairs(replies);
    }
}
