package dev.quorate.mapreduce.worker;

import dev.quorate.mapreduce.job.AttemptContext;
import dev.quorate.mapreduce.protocol.Exchange.Report;
import dev.quorate.mapreduce.protocol.Exchange.State;
import java.util.HashMap;
import java.util.Map;

/** An attempt that this worker runs or has run, as it is reported. */
final class Attempt {
    final AttemptContext context;
    Thread thread;
    private State state = State.RUNNING;
    private long failedRecord = -1;
    private String reason;
    private String lostOutput;

    Attempt(AttemptContext context) {
        this.context = context;
    }

    boolean running() {
        return state == State.RUNNING;
    }

    void finished() {
        state = State.FINISHED;
    }

    void failed(long record, String why) {
        state = State.FAILED;
        failedRecord = record;
        reason = why;
    }

    /**
     * @param output of the map attempt that could not be had; null when it is lost for another reason
     */
    void lost(String output) {
        state = State.LOST;
        lostOutput = output;
    }

    Report report() {
        Map<String, Map<String, Long>> counters = null;
        if (state == State.FINISHED) {
            counters = new HashMap<>(context.counters().values());
        }
        long records = state == State.FAILED ? failedRecord : context.records();
        return new Report(
                context.attempt(), state, context.progress(), records, reason, lostOutput, counters, context.status());
    }
}
