package dev.quorate.mapreduce.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.TaskContext;
import dev.quorate.mapreduce.Text;
import dev.quorate.mapreduce.coordinator.Coordinator;
import dev.quorate.mapreduce.example.Sum;
import dev.quorate.mapreduce.example.Words;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.schedule.Policy;
import dev.quorate.mapreduce.schedule.TaskId;
import dev.quorate.mapreduce.schedule.TaskId.Kind;
import dev.quorate.mapreduce.table.JobTable;
import dev.quorate.mapreduce.table.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs of a coordinator and workers of their own, with deaths in each phase, compared with what a sequential program makes of the same input. */
class DistributedJobTest {
    private static final String JOB = "counting";
    private static final int REDUCERS = 3;
    private static final int LINES = 1500;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final Policy IMPATIENT = new Policy(4, 0, true, 2000, 60_000);

    /** Attempts of maps, in the order in which they began. */
    private static final Queue<String> BEGUN = new ConcurrentLinkedQueue<>();
    /** A record that ends the process of whoever reads it: what runs here waits at it to be ended. */
    private static final String DEADLY = "deadly";
    /** Attempts that came to it. */
    private static final Queue<String> DYING = new ConcurrentLinkedQueue<>();
    /** Tasks that wait until they are let go, by attempt. */
    private static final Map<String, Boolean> HELD = new ConcurrentHashMap<>();

    @TempDir
    private Path directory;

    private final MemoryStore store = new MemoryStore();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private WordCount words;
    private Coordinator coordinator;

    /** Counts words, slowly enough to be killed at it. */
    static final class SlowWords implements Mapper<Long, Text, Text, Long> {
        private final Words words = new Words();
        private String attempt;

        @Override
        public void open(TaskContext context) {
            attempt = context.attempt();
            context.status("counting " + context.task());
            BEGUN.add(attempt);
        }

        @Override
        public void map(Long offset, Text line, Emitter<Text, Long> out) throws IOException, InterruptedException {
            while (HELD.containsKey(attempt)) {
                Thread.sleep(5);
            }
            if (line.toString().equals(DEADLY)) {
                DYING.add(attempt);
                Thread.sleep(Long.MAX_VALUE);
            }
            Thread.sleep(0, 200_000);
            words.map(offset, line, out);
        }
    }

    /** Waits with its first key until it is let go: all map outputs are here then. */
    static final class HeldSum implements Reducer<Text, Long, Text, Long> {
        private final Sum sum = new Sum();

        @Override
        public void reduce(Text key, Iterator<Long> values, Emitter<Text, Long> out)
                throws IOException, InterruptedException {
            while (HELD.containsKey(HeldSum.class.getName())) {
                HELD.put("reduces", true);
                Thread.sleep(5);
            }
            sum.reduce(key, values, out);
        }
    }

    @BeforeEach
    void submit() throws IOException {
        BEGUN.clear();
        DYING.clear();
        HELD.clear();
        words = new WordCount(directory.resolve("in.txt"), WordCount.randomLines(new Random(5), LINES, "w"));
        submit(0);
    }

    private void submit(int skipBadRecords) throws IOException {
        submit(skipBadRecords, REDUCERS, Sum.class);
    }

    private void submit(int skipBadRecords, int reducers, Class<?> reducer) throws IOException {
        new JobTable(store, JOB)
                .submit(words.spec(SlowWords.class, reducer, directory.resolve("out"), reducers, skipBadRecords));
    }

    @AfterEach
    void stop() throws InterruptedException {
        HELD.clear();
        workers.forEach(Worker::close);
        for (Thread thread : threads) {
            thread.join();
        }
        if (coordinator != null) {
            coordinator.close();
        }
    }

    private void startCoordinator() throws JobException, IOException {
        JobTable table = new JobTable(store, JOB);
        coordinator = Coordinator.start(table, table.spec(), "127.0.0.1", Map.of(), IMPATIENT);
    }

    private Worker startWorker() throws Exception {
        JobTable table = new JobTable(store, JOB);
        Worker worker =
                new Worker(table, table.spec(), "127.0.0.1", "node", 1, directory.resolve("work-" + workers.size()));
        workers.add(worker);
        threads.add(Thread.startVirtualThread(() -> {
            try {
                worker.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        return worker;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(end);
            Thread.sleep(5);
        }
    }

    private int committed(Kind kind) {
        return coordinator.status().phases().get(kind).committed();
    }

    private void checkOutput() throws Exception {
        checkOutput(REDUCERS);
    }

    private void checkOutput(int reducers) throws Exception {
        assertThat(coordinator.await()).contains(new JobTable.Outcome(true, ""));
        words.check(directory.resolve("out"), reducers);
        assertThat(coordinator.counters().get("job"))
                .containsEntry("map input records", (long) LINES)
                .containsEntry("map output records", 2L * LINES);
    }

    private long commits(TaskId task) throws IOException {
        return store.history(key("task/" + task)).size();
    }

    private String key(String name) throws IOException {
        return "{mr:" + JOB + "}" + new JobTable(store, JOB).id() + "/" + name;
    }

    @Test
    void aJobRunsToItsEnd() throws Exception {
        startCoordinator();
        startWorker();
        startWorker();
        checkOutput();
        for (int i = 0; i < coordinator.status().phases().get(Kind.MAP).total(); i++) {
            assertThat(commits(TaskId.map(i))).isEqualTo(1);
        }
    }

    /** The moment of a death. */
    private void awaitPhase(Kind phase) throws InterruptedException {
        switch (phase) {
            case MAP -> await("some maps", () -> committed(Kind.MAP) >= 3);
            case REDUCE -> await("reduces", () -> coordinator.status().phase() == Kind.REDUCE);
            case PUBLISH -> await("publishing", () -> committed(Kind.REDUCE) == REDUCERS);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aWorkerDies(Kind phase) throws Exception {
        startCoordinator();
        Worker first = startWorker();
        startWorker();
        awaitPhase(phase);
        first.close();
        checkOutput();
    }

    @Test
    void aRecordThatEndsItsWorkerIsLeftOut() throws Exception {
        Files.writeString(words.input(), DEADLY + "\n", StandardOpenOption.APPEND);
        new JobTable(store, JOB).delete();
        submit(1);
        startCoordinator();
        for (int deaths = 1; deaths <= 2; deaths++) {
            Worker victim = startWorker();
            int before = deaths;
            await("death " + deaths, () -> DYING.size() == before);
            victim.close();
        }
        startWorker();
        checkOutput();
        assertThat(DYING).hasSize(2);
        assertThat(coordinator.counters().get("job")).containsEntry("skipped records", 1L);
        try (Stream<Path> aside = Files.list(directory.resolve("out/_skipped"))) {
            assertThat(Files.readString(aside.findFirst().orElseThrow())).contains(DEADLY);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theCoordinatorDies(Kind phase) throws Exception {
        startCoordinator();
        startWorker();
        startWorker();
        awaitPhase(phase);
        coordinator.close();
        List<TaskId> done = new ArrayList<>();
        new JobTable(store, JOB).tasks().forEach((task, record) -> {
            if (record.committed() != null) {
                done.add(task);
            }
        });
        startCoordinator();
        checkOutput();
        assertThat(done).isNotEmpty().allSatisfy(task -> {
            assertThat(commits(task)).as(task + " is committed once").isEqualTo(1);
            // By the next coordinator; a worker may begin a backup that the first one had just given it.
            assertThat(BEGUN).as(task + " is not begun again").noneMatch(attempt -> attempt.startsWith(task + ".e2."));
        });
    }

    /** Between the commit of the last task and the outcome. */
    @Test
    void theCoordinatorDiesAtTheLastMoment() throws Exception {
        startCoordinator();
        startWorker();
        coordinator.await();
        store.delete(key("outcome"));
        coordinator.close();
        startCoordinator();
        checkOutput();
    }

    @Test
    void anAttemptIsTakenOverByTheNextCoordinator() throws Exception {
        HELD.put("map-00000.e1.a1", true);
        startCoordinator();
        startWorker();
        await("the first map", () -> BEGUN.contains("map-00000.e1.a1"));
        coordinator.close();
        startCoordinator();
        await("it to be known", () -> !coordinator.status().running().isEmpty());
        assertThat(coordinator.status().running().getFirst().status()).isEqualTo("counting map-00000");
        HELD.clear();
        checkOutput();
        assertThat(BEGUN).filteredOn(attempt -> attempt.startsWith("map-00000")).containsExactly("map-00000.e1.a1");
    }

    @Test
    void twoCoordinatorsDoNoHarm() throws Exception {
        startCoordinator();
        Coordinator first = coordinator;
        startWorker();
        awaitPhase(Kind.MAP);
        startCoordinator();
        startWorker();
        checkOutput();
        assertThat(first.await()).as("the first one steps down").isEmpty();
        first.close();
    }

    @Test
    void theStoreIsAwayForAWhile() throws Exception {
        startCoordinator();
        startWorker();
        startWorker();
        awaitPhase(Kind.MAP);
        store.away(true);
        Thread.sleep(1500);
        store.away(false);
        checkOutput();
    }

    @Test
    void anEndThatTheStoreDoesNotTakeAtOnceIsWrittenLater() throws Exception {
        store.refuse("outcome");
        startCoordinator();
        startWorker();
        startWorker();
        await("the publication", () -> committed(Kind.PUBLISH) == 1);
        Thread.sleep(1000);
        assertThat(new JobTable(store, JOB).outcome()).isEmpty();
        store.refuse(null);
        checkOutput();
    }

    /** Long enough for all workers to be lost, were it their silence. */
    @Test
    void aStoreThatIsAwayForLongCostsNoMap() throws Exception {
        startCoordinator();
        startWorker();
        startWorker();
        awaitPhase(Kind.MAP);
        store.away(true);
        Thread.sleep(2 * IMPATIENT.workerLostMillis());
        store.away(false);
        checkOutput();
        for (int i = 0; i < coordinator.status().phases().get(Kind.MAP).total(); i++) {
            assertThat(commits(TaskId.map(i)))
                    .as("commits and losses of map " + i)
                    .isEqualTo(1);
        }
    }

    /** When all reduces have fetched it: then nobody makes it again. */
    @Test
    void aMapCountsThoughItsOutputIsLostInTheEnd() throws Exception {
        new JobTable(store, JOB).delete();
        submit(0, 1, HeldSum.class);
        HELD.put(HeldSum.class.getName(), true);
        startCoordinator();
        Worker first = startWorker();
        Worker second = startWorker();
        await("the reduce", () -> HELD.containsKey("reduces"));
        String reduces = coordinator.status().running().getFirst().worker();
        for (int i = 0; i < coordinator.status().phases().get(Kind.MAP).total(); i++) {
            HELD.put("map-%05d.e1.a2".formatted(i), true);
        }
        (first.name().equals(reduces) ? second : first).close();
        await("maps to be lost", () -> coordinator.status().phase() == Kind.MAP);
        HELD.remove(HeldSum.class.getName());
        checkOutput(1);
        assertThat(new JobTable(store, JOB).totals().counters().get("job"))
                .containsEntry("map input records", (long) LINES)
                .containsEntry("map output records", 2L * LINES);
    }

    @Test
    void aStragglerGetsABackup() throws Exception {
        HELD.put("map-00000.e1.a1", true);
        startCoordinator();
        startWorker();
        startWorker();
        await("a backup", () -> BEGUN.contains("map-00000.e1.a2"));
        checkOutput();
    }

    @Test
    void aJobThatSomebodyElseEndsStopsAndLeavesNoOutput() throws Exception {
        startCoordinator();
        startWorker();
        await("a commit", () -> committed(Kind.MAP) > 0);
        JobTable.Outcome cancelled = new JobTable.Outcome(false, "cancelled");
        new JobTable(store, JOB).end(cancelled);
        assertThat(coordinator.await()).contains(cancelled);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void aCoordinatorOfADeletedJobStops() throws Exception {
        startCoordinator();
        new JobTable(store, JOB).delete();
        assertThat(coordinator.await()).isEmpty();
    }

    @Test
    void aJobThatCantBeRunSaysSoToAll() throws Exception {
        Files.delete(words.input());
        try {
            startCoordinator();
        } catch (JobException e) {
            assertThat(e).hasMessageContaining("in.txt does not exist");
        }
        assertThat(new JobTable(store, JOB).outcome().orElseThrow().succeeded()).isFalse();
        assertThat(directory.resolve("out")).doesNotExist();
    }
}
