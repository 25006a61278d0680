package dev.quorate.server.redis;

import dev.quorate.store.proto.Put;
import java.util.Locale;

/** The options of SET, and expiry times as all commands take them. */
final class SetOptions {
    private final Invocation call;
    private final Put.Builder put = Put.newBuilder();
    private boolean expirySet;
    private boolean returnPrevious;

    private SetOptions(Invocation call) {
        this.call = call;
    }

    /** Reads the options from the argument at {@code from} on. */
    static SetOptions parse(Invocation call, int from) {
        SetOptions options = new SetOptions(call);
        int at = from;
        while (at < call.size()) {
            at += options.accept(at);
        }
        return options;
    }

    /** The condition, deadline and what to return, without the value. */
    Put.Builder put() {
        return put;
    }

    boolean returnsPrevious() {
        return returnPrevious;
    }

    /** Takes the option at an index, and says how many arguments it has. */
    private int accept(int at) {
        String option = call.text(at).toUpperCase(Locale.ROOT);
        switch (option) {
            case "NX" -> condition(Put.Condition.IF_ABSENT);
            case "XX" -> condition(Put.Condition.IF_PRESENT);
            case "GET" -> {
                returnPrevious = true;
                put.setReturnPrevious(true);
            }
            case "KEEPTTL" -> {
                onlyExpiry();
                put.setKeepDeadline(true);
            }
            case "EX", "PX", "EXAT", "PXAT" -> {
                onlyExpiry();
                if (at + 1 == call.size()) {
                    throw CommandException.syntax();
                }
                boolean seconds = option.startsWith("EX");
                boolean relative = !option.endsWith("AT");
                expire(put, call, at + 1, seconds, relative, "set");
                return 2;
            }
            default -> throw CommandException.syntax();
        }
        return 1;
    }

    private void condition(Put.Condition condition) {
        if (put.getCondition() != Put.Condition.ALWAYS && put.getCondition() != condition) {
            throw CommandException.syntax();
        }
        put.setCondition(condition);
    }

    private void onlyExpiry() {
        if (expirySet) {
            throw CommandException.syntax();
        }
        expirySet = true;
    }

    /**
     * Lets the key expire, by an argument in seconds or milliseconds. A relative time counts from the shard's clock, not from this node's: a
     * leader whose clock is behind must not write keys that are dead from the start.
     */
    static void expire(Put.Builder put, Invocation call, int index, boolean seconds, boolean relative, String command) {
        long time = call.number(index);
        try {
            if (time > 0) {
                long millis = seconds ? Math.multiplyExact(time, 1000L) : time;
                if (relative) {
                    Math.addExact(millis, call.nowMillis());
                    put.setTtlMillis(millis);
                } else {
                    put.setDeadlineMillis(millis);
                }
                return;
            }
        } catch (ArithmeticException e) {
            // Out of range: answered below.
        }
        throw new CommandException("ERR invalid expire time in '" + command + "' command");
    }
}
