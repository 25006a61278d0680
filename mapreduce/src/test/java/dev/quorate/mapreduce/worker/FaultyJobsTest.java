package dev.quorate.mapreduce.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.Text;
import dev.quorate.mapreduce.coordinator.Coordinator;
import dev.quorate.mapreduce.example.Words;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.OutputDirectory;
import dev.quorate.mapreduce.job.Publication;
import dev.quorate.mapreduce.schedule.Policy;
import dev.quorate.mapreduce.schedule.TaskId;
import dev.quorate.mapreduce.table.JobTable;
import dev.quorate.mapreduce.table.MemoryStore;
import dev.quorate.mapreduce.table.TaskRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs whose coordinators and workers hear each other badly: exchanges that are lost on the way there or back, come late or twice; coordinators that are stopped and go on
 * when others have taken over; a store that refuses, or says nothing of what it did; workers that die; a job of the same name before, whose processes still live. The output and
 * the counters must be those of a sequential program, and no reduce committed twice. {@code -Dquorate.seed=N} has the faults of one history again, {@code -Dquorate.runs=N} more
 * histories.
 */
class FaultyJobsTest {
    private static final String JOB = "counting";
    private static final int REDUCERS = 3;
    private static final int LINES = 600;
    private static final long FAULTY_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final Policy IMPATIENT = new Policy(1000, 0, true, 1500, 60_000);

    @TempDir
    private Path directory;

    private final MemoryStore store = new MemoryStore();
    private final Queue<Throwable> crashes = new ConcurrentLinkedQueue<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Coordinator> coordinators = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private Faults faults;
    private Random random;
    private int directories;

    /** Counts words, slowly enough for something to happen meanwhile. */
    static final class SlowWords implements Mapper<Long, Text, Text, Long> {
        private final Words words = new Words();

        @Override
        public void map(Long offset, Text line, Emitter<Text, Long> out) throws IOException, InterruptedException {
            Thread.sleep(2);
            words.map(offset, line, out);
        }
    }

    @Test
    void outputAndCountersAreThoseOfASequentialProgram() throws Exception {
        Long only = Long.getLong("quorate.seed");
        long first = only == null ? System.nanoTime() : only;
        int runs = only == null ? Integer.getInteger("quorate.runs", 4) : 1;
        for (long seed = first; seed < first + runs; seed++) {
            try {
                history(seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("replay with -Dtest=FaultyJobsTest -Dquorate.seed=" + seed, e);
            } finally {
                stop();
            }
        }
    }

    private void history(long seed) throws Exception {
        random = new Random(seed);
        faults = new Faults(seed, store);
        if (random.nextInt(3) == 0) {
            submit("before", random.nextLong());
            run(random.nextInt(2000));
            delete();
        }
        WordCount words = submit("now", random.nextLong());
        run(TimeUnit.NANOSECONDS.toMillis(FAULTY_NANOS));
        faults.stop();
        startCoordinator();
        startWorker();
        JobTable table = new JobTable(store, JOB);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (table.outcome().isEmpty()) {
            assertThat(crashes).isEmpty();
            assertThat(System.nanoTime()).as("waiting for the job's end").isLessThan(end);
            Thread.sleep(20);
        }
        assertThat(table.outcome()).contains(new JobTable.Outcome(true, ""));
        check(table, words);
    }

    private WordCount submit(String label, long seed) throws Exception {
        WordCount words = new WordCount(
                Files.createDirectories(fresh()).resolve("in.txt"),
                WordCount.randomLines(new Random(seed), LINES, label));
        JobSpec spec = words.spec(SlowWords.class, directory.resolve("out"), REDUCERS);
        assertThat(new JobTable(store, JOB).submit(spec)).isTrue();
        return words;
    }

    private Path fresh() {
        return directory.resolve("" + directories++);
    }

    /** What {@code quorate mr delete --force} does. */
    private void delete() throws Exception {
        JobTable table = new JobTable(store, JOB);
        JobSpec spec = table.spec();
        if (!table.end(JobTable.Outcome.DELETED).succeeded()) {
            Publication.discard(spec, new OutputDirectory(spec.output(), table.id()));
        } else {
            OutputDirectory.deleteTree(spec.output());
        }
        table.delete();
    }

    private void run(long millis) throws Exception {
        startCoordinator();
        startWorker();
        startWorker();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end && new JobTable(store, JOB).outcome().isEmpty()) {
            Thread.sleep(random.nextInt(400));
            switch (random.nextInt(8)) {
                case 0, 1 -> startCoordinator();
                case 2 -> coordinators.get(random.nextInt(coordinators.size())).close();
                case 3 -> faults.pauseLastCoordinator(random.nextInt(4000));
                case 4 -> {
                    workers.get(random.nextInt(workers.size())).close();
                    startWorker();
                }
                case 5 -> startWorker();
                case 6 -> faults.storeAway(random.nextInt(2500));
                default -> {
                    // nothing but what happens to every exchange
                }
            }
        }
    }

    private void startCoordinator() {
        try {
            JobTable table = new JobTable(faults.ofCoordinator(), JOB);
            coordinators.add(Coordinator.start(table, table.spec(), "127.0.0.1", Map.of(), IMPATIENT));
        } catch (IOException e) {
            if (coordinators.isEmpty() || !faults.on()) {
                startCoordinator(); // as Kubernetes does
            }
        } catch (Exception e) {
            crashes.add(e);
        }
    }

    private void startWorker() {
        try {
            JobTable table = new JobTable(faults.ofWorker(), JOB);
            Worker worker = new Worker(table, table.spec(), "127.0.0.1", "node", 1, fresh());
            workers.add(worker);
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    worker.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException | Error e) {
                    crashes.add(e);
                }
            }));
        } catch (IOException e) {
            if (workers.isEmpty() || !faults.on()) {
                startWorker();
            }
        } catch (Exception e) {
            crashes.add(e);
        }
    }

    private void check(JobTable table, WordCount words) throws Exception {
        assertThat(crashes).isEmpty();
        words.check(directory.resolve("out"), REDUCERS);
        assertThat(table.totals().counters().get("job"))
                .containsEntry("map input records", (long) LINES)
                .containsEntry("map output records", 2L * LINES);
        for (int i = 0; i < REDUCERS; i++) {
            TaskRecord last = table.tasks().get(TaskId.reduce(i));
            assertThat(store.history("{mr:" + JOB + "}" + table.id() + "/task/" + TaskId.reduce(i)))
                    .filteredOn(record -> !record.contains("\"committed\":null"))
                    .allMatch(record -> record.contains(last.committed().attempt()));
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (faults != null) {
            faults.close();
        }
        workers.forEach(Worker::close);
        coordinators.forEach(Coordinator::close);
        for (Thread thread : threads) {
            thread.join();
        }
        workers.clear();
        coordinators.clear();
        threads.clear();
        OutputDirectory.deleteTree(directory.resolve("out"));
        new JobTable(store, JOB).delete();
    }
}
