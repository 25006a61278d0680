package dev.quorate.mapreduce.local;

import dev.quorate.mapreduce.Counters;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.engine.MapBuffer;
import dev.quorate.mapreduce.engine.MergePasses;
import dev.quorate.mapreduce.engine.RunFile;
import dev.quorate.mapreduce.job.AttemptContext;
import dev.quorate.mapreduce.job.AttemptException;
import dev.quorate.mapreduce.job.Job;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.KeySample;
import dev.quorate.mapreduce.job.MapAttempt;
import dev.quorate.mapreduce.job.OutputDirectory;
import dev.quorate.mapreduce.job.Publication;
import dev.quorate.mapreduce.job.RangeCuts;
import dev.quorate.mapreduce.job.ReduceAttempt;
import dev.quorate.mapreduce.job.Scratch;
import dev.quorate.mapreduce.schedule.AttemptId;
import dev.quorate.mapreduce.schedule.Decision;
import dev.quorate.mapreduce.schedule.Event;
import dev.quorate.mapreduce.schedule.JobStatus;
import dev.quorate.mapreduce.schedule.Policy;
import dev.quorate.mapreduce.schedule.Scheduler;
import dev.quorate.mapreduce.schedule.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** Runs a job with threads of this process. */
public final class LocalJob {
    private static final Policy ONE_TRY = new Policy(1, 0, false, Long.MAX_VALUE, Long.MAX_VALUE);
    /** With skipping, a task fails twice for each record that it then leaves out. */
    private static final int TRIES_WITH_SKIPPING = Policy.DEFAULT.attemptsMax();

    /** For user code that does not heed its interruption; the job's end does not wait for it any longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Job job;
    private final int workers;
    private final Path work;
    private final OutputDirectory output;
    private final List<Split> splits;
    private final Optional<RangeCuts> cuts;
    private final Scheduler scheduler;

    // All below is guarded by this.
    private final Map<AttemptId, AttemptContext> running = new HashMap<>();
    private final Map<AttemptId, RunFile> mapOutputs = new HashMap<>();
    private final Counters counters = new Counters();
    private final List<Thread> threads = new ArrayList<>();
    private final long startedNanos = System.nanoTime();
    private int working;
    private boolean ended;
    private String failure;

    private LocalJob(
            Job job, int workers, Path work, OutputDirectory output, List<Split> splits, Optional<RangeCuts> cuts) {
        this.job = job;
        this.workers = workers;
        this.work = work;
        this.output = output;
        this.splits = splits;
        this.cuts = cuts;
        int skips = job.spec().skipBadRecords();
        Policy policy =
                skips == 0 ? ONE_TRY : new Policy(TRIES_WITH_SKIPPING, skips, false, Long.MAX_VALUE, Long.MAX_VALUE);
        scheduler = new Scheduler(
                policy,
                1,
                Collections.nCopies(splits.size(), List.of()),
                job.spec().reducers());
    }

    /**
     * Plans a job: finds its input, and makes its output directory.
     *
     * @param workers tasks at a time
     * @param temporary where the job makes a directory for what it spills
     */
    public static LocalJob plan(Job job, int workers, Path temporary) throws JobException {
        JobSpec spec = job.spec();
        List<Split> splits = job.splits();
        Publication.check(spec);
        OutputDirectory output =
                new OutputDirectory(spec.output(), UUID.randomUUID().toString());
        Optional<RangeCuts> cuts =
                spec.partition().equals("range") ? Optional.of(KeySample.cuts(job, splits)) : Optional.empty();
        output.create();
        try {
            return new LocalJob(job, workers, Scratch.make(temporary), output, splits, cuts);
        } catch (JobException failure) {
            try {
                output.discard();
            } catch (IOException left) {
                failure.addSuppressed(left);
            }
            throw failure;
        }
    }

    /** Runs it to its end. Returns its counters. Its output is there, or nothing of it. */
    public SortedMap<String, SortedMap<String, Long>> run() throws JobException, InterruptedException {
        try {
            start();
            awaitEnd();
        } finally {
            stop();
            Scratch.remove(work);
        }
        synchronized (this) {
            if (failure != null) {
                throw new JobException(failure);
            }
            return counters.values();
        }
    }

    private synchronized void start() {
        for (int i = 0; i < workers && !ended; i++) {
            String worker = "worker-" + i;
            working++;
            threads.add(Thread.ofPlatform().daemon().name(worker).start(() -> {
                try {
                    work(worker);
                } finally {
                    leave();
                }
            }));
        }
    }

    private synchronized void leave() {
        working--;
        notifyAll();
    }

    private synchronized void awaitEnd() throws InterruptedException {
        while (!ended && working > 0) {
            wait();
        }
    }

    /** Ends it, unless it has ended: {@link #run} throws then, and nothing of its output is left. */
    public synchronized void cancel() {
        if (!ended) {
            ended = true;
            failure = "the job was interrupted.";
        }
        running.values().forEach(AttemptContext::cancel);
        threads.forEach(Thread::interrupt);
        notifyAll();
    }

    private void stop() throws InterruptedException {
        cancel();
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        for (Thread thread : threads) {
            thread.join(Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime())));
        }
        if (failure != null) {
            discard();
        }
    }

    private void discard() {
        try {
            Publication.discard(job.spec(), output);
        } catch (IOException e) {
            failure += " What was written already can't be removed: " + e.getMessage();
        }
    }

    /** How far the job is. */
    public synchronized JobStatus status() {
        running.forEach((attempt, context) -> on(
                new Event.Running(nowMillis(), attempt, "", context.progress(), context.records(), context.status())));
        return scheduler.status(nowMillis());
    }

    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    }

    private void work(String worker) {
        MapBuffer buffer;
        try {
            buffer = job.newBuffer();
        } catch (JobException e) {
            fail(e.getMessage());
            return;
        }
        AttemptContext context;
        while ((context = next(worker)) != null) {
            try {
                run(context, buffer);
                succeeded(context, worker);
            } catch (AttemptException e) {
                Scratch.remove(context.directory());
                failed(context, e);
            } catch (CancellationException e) {
                Scratch.remove(context.directory());
                lost(context);
            }
        }
    }

    /** Waits for a task; null when the job has ended. */
    private synchronized AttemptContext next(String worker) {
        while (!ended) {
            for (Decision decision : scheduler.on(new Event.Ask(nowMillis(), worker, worker, 1))) {
                if (decision instanceof Decision.Start start) {
                    AttemptContext context = new AttemptContext(
                            start.attempt(), work.resolve(start.attempt().toString()), start.skip());
                    running.put(start.attempt(), context);
                    return context;
                }
            }
            try {
                wait();
            } catch (InterruptedException e) {
                return null;
            }
        }
        return null;
    }

    private void run(AttemptContext context, MapBuffer buffer) throws AttemptException {
        AttemptId id = context.id();
        try {
            Files.createDirectories(context.directory());
            switch (id.task().kind()) {
                case MAP -> {
                    Split split = splits.get(id.task().index());
                    RunFile run = new MapAttempt(job, cuts, split, context, output.skipped(id)).run(buffer);
                    synchronized (this) {
                        mapOutputs.put(id, run);
                    }
                }
                case REDUCE ->
                    new ReduceAttempt(
                                    job,
                                    context,
                                    output.part(id),
                                    output.skipped(id),
                                    segments(id.task().index()))
                            .run();
                case PUBLISH -> Publication.publish(job.spec(), output, committed(), () -> checkGoesOn(id));
            }
        } catch (CancellationException e) {
            throw e;
        } catch (InterruptedException e) {
            throw new CancellationException(id + " was interrupted");
        } catch (IOException | RuntimeException e) {
            throw AttemptException.of(context, e);
        }
    }

    private synchronized void checkGoesOn(AttemptId publication) {
        if (ended) {
            throw new CancellationException(publication + " is not wanted any more");
        }
    }

    private synchronized List<MergePasses.Source> segments(int partition) {
        List<MergePasses.Source> segments = new ArrayList<>();
        for (int i = 0; i < splits.size(); i++) {
            RunFile run = mapOutputs.get(scheduler.committed(TaskId.map(i)));
            if (run.segments().get(partition).pairs() > 0) {
                segments.add(MergePasses.Source.of(run, partition));
            }
        }
        return segments;
    }

    private synchronized List<AttemptId> committed() {
        List<AttemptId> committed = new ArrayList<>();
        for (int i = 0; i < splits.size(); i++) {
            committed.add(scheduler.committed(TaskId.map(i)));
        }
        for (int i = 0; i < job.spec().reducers(); i++) {
            committed.add(scheduler.committed(TaskId.reduce(i)));
        }
        return committed;
    }

    private synchronized void succeeded(AttemptContext context, String worker) {
        running.remove(context.id());
        for (Decision decision : on(new Event.Finished(nowMillis(), context.id(), worker))) {
            if (decision instanceof Decision.Commit commit) {
                counters.add(context.counters().values());
                on(new Event.Committed(nowMillis(), commit.attempt(), worker));
            }
        }
        notifyAll();
    }

    private synchronized void failed(AttemptContext context, AttemptException e) {
        running.remove(context.id());
        on(new Event.Failed(nowMillis(), context.id(), e.record(), e.getMessage()));
        notifyAll();
    }

    private synchronized void lost(AttemptContext context) {
        running.remove(context.id());
        on(new Event.Lost(nowMillis(), context.id()));
        notifyAll();
    }

    private List<Decision> on(Event event) {
        List<Decision> decisions = scheduler.on(event);
        for (Decision decision : decisions) {
            switch (decision) {
                case Decision.Succeed ignored -> ended = true;
                case Decision.Fail fail -> fail(fail.reason());
                case Decision.Cancel cancel -> cancelRunning(cancel.attempt());
                case Decision.Start _, Decision.Commit _, Decision.Reopen _, Decision.Inquest _ -> {
                    // whoever told of the event does these
                }
            }
        }
        return decisions;
    }

    private synchronized void fail(String reason) {
        if (!ended) {
            ended = true;
            failure = reason;
            cancel(); // the others, which may be waiting for a command
        }
    }

    private void cancelRunning(AttemptId attempt) {
        AttemptContext context = running.get(attempt);
        if (context != null) {
            context.cancel();
        }
    }
}
