package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Counter;
import dev.quorate.mapreduce.Counters;
import dev.quorate.mapreduce.TaskContext;
import dev.quorate.mapreduce.command.Cancellable;
import dev.quorate.mapreduce.schedule.AttemptId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;

/** One attempt: its name, its directory, what it leaves out, and what others may see of it while it runs. */
public final class AttemptContext implements TaskContext, Cancellable {
    /** Of the counters that every job has. */
    public static final String JOB_GROUP = "job";

    private static final int STATUS_CHARACTERS_MAX = 200;
    private static final VarHandle RECORDS;
    private static final int ALWAYS_SEEN = 1024;
    private static final int SEEN_EVERY = 256;

    static {
        try {
            RECORDS = MethodHandles.lookup().findVarHandle(AttemptContext.class, "records", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AttemptId id;
    private final Path directory;
    private final List<Long> skip;
    private final Counters counters = new Counters();
    private long records;
    private volatile double progress;
    private volatile String status = "";
    private volatile boolean cancelled;
    private volatile Runnable whenCancelled = () -> {};
    private LastWords words;

    /**
     * @param directory of the attempt alone, for what it spills
     * @param skip numbers of the records to leave out, in order
     */
    public AttemptContext(AttemptId id, Path directory, List<Long> skip) {
        this.id = id;
        this.directory = directory;
        this.skip = List.copyOf(skip);
    }

    public AttemptId id() {
        return id;
    }

    public Path directory() {
        return directory;
    }

    @Override
    public String task() {
        return id.task().toString();
    }

    @Override
    public String attempt() {
        return id.toString();
    }

    @Override
    public Counter counter(String group, String name) {
        return counters.counter(group, name);
    }

    @Override
    public void status(String text) {
        status = text.length() <= STATUS_CHARACTERS_MAX ? text : text.substring(0, STATUS_CHARACTERS_MAX);
    }

    /** What the attempt last said of itself; empty for nothing. */
    public String status() {
        return status;
    }

    Counter counter(String name) {
        return counters.counter(JOB_GROUP, name);
    }

    public Counters counters() {
        return counters;
    }

    /** Makes the attempt end at one of its next records, and its command at once. */
    public void cancel() {
        cancelled = true;
        whenCancelled.run();
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void onCancel(Runnable action) {
        whenCancelled = action;
        if (cancelled) {
            action.run();
        }
    }

    /** 0 to 1. */
    public double progress() {
        return progress;
    }

    /** How many have been processed. */
    public long records() {
        return (long) RECORDS.getOpaque(this);
    }

    /** Where this attempt says at which record it is, so that it is known should its process end; before the first. */
    public void sayIn(LastWords lastWords) {
        words = lastWords;
    }

    /** Whether the record is to be left out. */
    boolean skips(long record) {
        return !skip.isEmpty() && Collections.binarySearch(skip, record) >= 0;
    }

    /** To be called at each record; true now and then, when {@link #show} should be called. */
    boolean at(long record) {
        RECORDS.setOpaque(this, record);
        say(record);
        return record < ALWAYS_SEEN || record % SEEN_EVERY == 0;
    }

    /** To be called after the last record: what happens now is no record's fault. */
    void afterRecords() {
        say(LastWords.NONE);
    }

    private void say(long record) {
        if (words != null) {
            words.at(record);
        }
    }

    void show(double newProgress) {
        progress = newProgress;
        if (cancelled || Thread.interrupted()) {
            throw new CancellationException(attempt() + " was cancelled");
        }
    }
}
