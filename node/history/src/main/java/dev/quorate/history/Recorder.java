package dev.quorate.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Records what clients do, from many threads. */
public final class Recorder {
    private final int operationsMax;
    private final LongSupplier nanoClock;
    private final List<Call> calls = new ArrayList<>();

    /** @param operationsMax that it holds; one more is an {@link IllegalStateException} */
    public Recorder(int operationsMax) {
        this(operationsMax, System::nanoTime);
    }

    /** @param nanoClock never goes back; what happens at the same time counts as concurrent */
    public Recorder(int operationsMax, LongSupplier nanoClock) {
        this.operationsMax = operationsMax;
        this.nanoClock = nanoClock;
    }

    /** To be called at once before the operation is sent, and answered by one of the call's methods at once after it returned. */
    public Call call(String client, Operation operation) {
        Call call = new Call(client, operation, nanoClock.getAsLong());
        synchronized (calls) {
            add(call);
        }
        return call;
    }

    private void add(Call call) {
        if (calls.size() == operationsMax) {
            throw new IllegalStateException("the recorder is full: it holds " + operationsMax + " operations");
        }
        calls.add(call);
    }

    /** All so far; what is under way counts as unknown. */
    public History history() {
        synchronized (calls) {
            return new History(calls.stream().map(Call::invocation).toList());
        }
    }

    /** An operation under way. Answered at most once. */
    public final class Call {
        private final String client;
        private final Operation operation;
        private final long callNanos;
        private volatile Invocation answered;

        private Call(String client, Operation operation, long callNanos) {
            this.client = client;
            this.operation = operation;
            this.callNanos = callNanos;
        }

        public void ok(Result result) {
            answer(result, Outcome.OK);
        }

        /** It did not take effect. */
        public void failed() {
            answer(null, Outcome.FAILED);
        }

        /** It may have taken effect, and may yet. */
        public void unknown() {
            answer(null, Outcome.UNKNOWN);
        }

        /** The client's library has sent it so many times more than once: each of these copies may take effect as well, or may yet. */
        public void sentAgain(int copies) {
            synchronized (calls) {
                for (int i = 0; i < copies; i++) {
                    add(new Call(client + "-again", operation, callNanos));
                }
            }
        }

        private void answer(Result result, Outcome outcome) {
            long returnNanos = nanoClock.getAsLong();
            if (answered != null) {
                throw new IllegalStateException(operation + " of " + client + " is answered twice");
            }
            answered = new Invocation(client, operation, result, callNanos, returnNanos, outcome);
        }

        private Invocation invocation() {
            Invocation invocation = answered;
            return invocation == null ? Invocation.unknown(client, operation, callNanos) : invocation;
        }
    }
}
