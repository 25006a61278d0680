package dev.quorate.history;

import java.util.ArrayList;
import java.util.List;

/** Histories written by hand: one key, times as small numbers. */
final class Hand {
    static final String KEY = "k";

    private final List<Invocation> invocations = new ArrayList<>();
    private int clients;

    static Operation put(String value) {
        return new Operation.Put(KEY, value);
    }

    static Operation get() {
        return new Operation.Get(KEY);
    }

    static Operation delete() {
        return new Operation.Delete(KEY);
    }

    static Operation cas(long expectedVersion, String value) {
        return new Operation.CompareAndSet(KEY, expectedVersion, value);
    }

    static Operation increment(long delta) {
        return new Operation.Increment(KEY, delta);
    }

    static Operation append(String suffix) {
        return new Operation.Append(KEY, suffix);
    }

    static Result read(String value) {
        return new Result.Read(value, 0);
    }

    static Result read(String value, long version) {
        return new Result.Read(value, version);
    }

    static Result written() {
        return new Result.Written(0);
    }

    static Result written(long version) {
        return new Result.Written(version);
    }

    static Result sum(long number) {
        return new Result.Sum(number);
    }

    Hand ok(long call, long end, Operation operation, Result result) {
        invocations.add(Invocation.ok(client(), operation, result, call, end));
        return this;
    }

    Hand failed(long call, long end, Operation operation) {
        invocations.add(Invocation.failed(client(), operation, call, end));
        return this;
    }

    Hand unknown(long call, Operation operation) {
        invocations.add(Invocation.unknown(client(), operation, call));
        return this;
    }

    private String client() {
        return "c" + clients++;
    }

    History history() {
        return new History(invocations);
    }

    Verdict verdict() {
        return Linearizability.check(history(), Limits.DEFAULT);
    }

    boolean linearizable() {
        Verdict verdict = verdict();
        if (verdict instanceof Verdict.Undecided undecided) {
            throw new AssertionError(undecided.reason());
        }
        return verdict instanceof Verdict.Linearizable;
    }
}
