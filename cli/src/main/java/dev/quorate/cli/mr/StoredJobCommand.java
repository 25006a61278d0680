package dev.quorate.cli.mr;

import dev.quorate.cli.output.UserError;
import dev.quorate.client.KvClient;
import dev.quorate.mapreduce.coordinator.Coordinator;
import dev.quorate.mapreduce.job.Job;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.OutputDirectory;
import dev.quorate.mapreduce.job.Publication;
import dev.quorate.mapreduce.job.Scratch;
import dev.quorate.mapreduce.schedule.Policy;
import dev.quorate.mapreduce.table.ClusterStore;
import dev.quorate.mapreduce.table.JobTable;
import dev.quorate.mapreduce.table.Store;
import dev.quorate.mapreduce.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What commands on jobs of a cluster have in common: the store, and its errors as sentences. */
abstract class StoredJobCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Mixin
    private JobOption where;

    abstract int run(Store store, String job) throws JobException, IOException, InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        String job = where.job();
        try (KvClient client = where.client()) {
            return run(new ClusterStore(client), job);
        } catch (JobException e) {
            throw UserError.failed(e.getMessage());
        } catch (IOException e) {
            throw UserError.failed(e.getMessage() + ".");
        }
    }

    /** A process that goes through elections of the cluster while it runs waits for one as well when it starts. */
    private static JobSpec awaitSpec(JobTable table) throws JobException, IOException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return table.spec();
            } catch (IOException e) {
                if (System.nanoTime() - deadlineNanos >= 0) {
                    throw e;
                }
            }
        }
    }

    static int ended(Optional<JobTable.Outcome> outcome) {
        if (outcome.isPresent() && !outcome.get().succeeded()) {
            throw UserError.jobFailed("the job failed: " + outcome.get().reason());
        }
        return 0;
    }

    @Command(
            name = "submit",
            description =
                    "Puts a job into a cluster. Processes that coordinate it and work on it are started with 'mr coordinator' and 'mr worker'.",
            mixinStandardHelpOptions = true)
    static final class Submit extends StoredJobCommand {
        @Mixin
        private JobOptions options;

        @Override
        int run(Store store, String job) throws JobException, IOException {
            JobSpec spec = options.spec();
            Job.open(spec).close();
            Publication.check(spec);
            if (!new JobTable(store, job).submit(spec)) {
                throw new JobException(
                        "there is a job " + job + " already: 'quorate mr delete --job " + job + "' removes it.");
            }
            System.out.println("job " + job + " is submitted.");
            return 0;
        }
    }

    @Command(
            name = "coordinator",
            description = {
                "Coordinates a job to its end.",
                "It may be killed at any moment: start another, on any machine, and it goes on."
            },
            mixinStandardHelpOptions = true)
    static final class Coordinate extends StoredJobCommand {
        @Option(
                names = "--no-backups",
                description = "No task runs twice at a time: for code that changes something outside of the job.")
        private boolean noBackups;

        @Mixin
        private HostOption reached;

        @Mixin
        private NodesOption nodes;

        @Override
        int run(Store store, String job) throws JobException, IOException, InterruptedException {
            Map<String, String> nodeByHost = nodes.nodeByHost();
            JobTable table = new JobTable(store, job);
            JobSpec spec = awaitSpec(table);
            try (Coordinator coordinator = Coordinator.start(
                    table, spec, reached.host(), nodeByHost, Policy.DEFAULT.withBackups(!noBackups))) {
                Optional<JobTable.Outcome> outcome = coordinator.await();
                System.out.println(
                        outcome.isPresent()
                                ? "job " + job + " has ended."
                                : "another coordinator has taken over, or the job was deleted.");
                return ended(outcome);
            }
        }
    }

    @Command(
            name = "worker",
            description = "Works on a job to its end: pulls tasks, and serves map outputs to other workers.",
            mixinStandardHelpOptions = true)
    static final class Work extends StoredJobCommand {
        @Mixin
        private HostOption reached;

        @Option(
                names = "--node",
                paramLabel = "NAME",
                defaultValue = "",
                description = "Where it runs: splits that are near are preferred.")
        private String node;

        @Option(
                names = "--slots",
                paramLabel = "N",
                defaultValue = "1",
                description = "Tasks at a time (${DEFAULT-VALUE}).")
        private int slots;

        @Mixin
        private TemporaryOption temporary;

        @Override
        int run(Store store, String job) throws JobException, IOException, InterruptedException {
            if (slots < 1) {
                throw UserError.misused("--slots must be at least 1.");
            }
            JobTable table = new JobTable(store, job);
            JobSpec spec = awaitSpec(table);
            Path work = Scratch.make(temporary.directory());
            try (Worker worker = new Worker(table, spec, reached.host(), node, slots, work)) {
                return ended(worker.run());
            } catch (JobException e) {
                ended(table.outcome()); // it failed before there was any task
                throw e;
            }
        }
    }

    @Command(
            name = "delete",
            description = {
                "Removes an ended job from the cluster; the output of one that succeeded stays.",
                "What one that did not has left in the place of its output goes, if this machine sees that place."
            },
            mixinStandardHelpOptions = true)
    static final class Delete extends StoredJobCommand {
        @Option(names = "--force", description = "Also one that has not ended: its workers stop.")
        private boolean force;

        @Override
        int run(Store store, String job) throws JobException, IOException {
            JobTable table = new JobTable(store, job);
            JobSpec spec = table.spec();
            if (table.outcome().isEmpty() && !force) {
                throw new JobException("job " + job + " has not ended: delete it with --force, which ends it.");
            }
            JobTable.Outcome outcome = table.end(new JobTable.Outcome(false, "it was deleted"));
            if (!outcome.succeeded()) {
                Publication.discard(spec, new OutputDirectory(spec.output(), table.id()));
            }
            table.delete();
            System.out.println("job " + job + " is deleted.");
            return 0;
        }
    }
}
