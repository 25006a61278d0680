package dev.quorate.cli.mr;

import dev.quorate.cli.output.Screen;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.process.Termination;
import dev.quorate.mapreduce.job.Job;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.local.LocalJob;
import dev.quorate.mapreduce.schedule.JobStatus;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate mr run}. */
@Command(
        name = "run",
        description = {
            "Runs a job in this process: with as many workers as there are processors, or --workers of them.",
            "The output appears whole, as part-00000 ... and _SUCCESS, or not at all. Ctrl-C leaves nothing of it."
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final Duration SHOWN_EVERY = Duration.ofMillis(500);
    /** After Ctrl-C. */
    private static final Duration CLEANUP_MAX = Duration.ofSeconds(20);

    @Mixin
    private JobOptions options;

    @Option(names = "--local", required = true, description = "In this process.")
    private boolean local;

    @Option(names = "--workers", paramLabel = "N", description = "Tasks at a time.")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Mixin
    private TemporaryOption temporary;

    @Override
    public Integer call() throws InterruptedException {
        if (workers < 1) {
            throw UserError.misused("--workers must be at least 1.");
        }
        try (Termination termination = Termination.expected(CLEANUP_MAX)) {
            try {
                run(termination);
                return 0;
            } catch (JobException e) {
                if (!termination.asked()) {
                    throw UserError.failed(e.getMessage());
                }
                System.err.println("quorate: " + e.getMessage()); // here, while the process lasts
                return UserError.FAILED;
            }
        }
    }

    private void run(Termination termination) throws JobException, InterruptedException {
        long startedNanos = System.nanoTime();
        try (Job job = Job.open(options.spec())) {
            LocalJob running = LocalJob.plan(job, workers, temporary.directory());
            Thread canceller = Thread.startVirtualThread(() -> cancelWhenAsked(running, termination));
            Thread screen = Thread.startVirtualThread(() -> show(running));
            Map<String, ? extends Map<String, Long>> counters;
            try {
                counters = running.run();
            } finally {
                canceller.interrupt();
                screen.interrupt();
                screen.join();
            }
            print(counters, Duration.ofNanos(System.nanoTime() - startedNanos));
        }
    }

    private static void cancelWhenAsked(LocalJob job, Termination termination) {
        try {
            if (termination.await(Duration.ofDays(Short.MAX_VALUE))) {
                job.cancel();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it has ended
        }
    }

    private static void show(LocalJob job) {
        Screen screen = Screen.on(System.err, Screen.Plain.HEADLINES);
        while (true) {
            try {
                Thread.sleep(SHOWN_EVERY);
            } catch (InterruptedException e) {
                return;
            }
            try {
                JobStatus status = job.status();
                screen.show(JobLines.headline(status), JobLines.attempts(status));
            } catch (OutOfMemoryError e) {
                continue; // memory is gone because of a task, which will say so
            }
        }
    }

    private static void print(Map<String, ? extends Map<String, Long>> counters, Duration took) {
        JobLines.counters(counters).forEach(System.out::println);
        System.out.printf("done in %.1f s%n", took.toMillis() / 1000.0);
    }
}
