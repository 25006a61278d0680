package dev.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.process.Signal;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.Text;
import dev.quorate.mapreduce.schedule.TaskId;
import dev.quorate.mapreduce.schedule.TaskId.Kind;
import dev.quorate.mapreduce.table.ClusterStore;
import dev.quorate.mapreduce.table.JobTable;
import dev.quorate.mapreduce.table.TaskRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jobs of real processes that are killed: a coordinator, workers, and the leader of the cluster that holds the job's state. The output is what a sequential program makes of the
 * same input, and what was committed before a coordinator died is not done again. Each prints how long the job took. Jobs share the cluster and run at the same time, since
 * they mostly wait: for who died to be missed, above all.
 */
@Timeout(600)
class MapReduceFaultsTest {
    private static final int LINES = 4000;
    private static final int MAPS = 20;
    private static final int REDUCERS = 6;
    private static final int WORKERS = 3;
    private static final int HEAP_MEBIBYTES = 96;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(240);

    private static LocalCluster cluster;
    private static KvClient client;
    private static String seeds;

    @TempDir
    private Path directory;

    private final List<MrProcess> processes = new ArrayList<>();
    private final Map<String, Long> expected = new TreeMap<>();
    private String job;
    private JobTable table;

    /** When something dies. */
    enum Moment {
        MAP,
        /** Reduces have begun, and others have still to fetch from all workers. */
        SHUFFLE,
        REDUCE
    }

    /** One word a line, at leisure. */
    static final class SlowWord implements Mapper<Long, Text, Text, Long> {
        @Override
        public void map(Long offset, Text line, Emitter<Text, Long> out) throws IOException, InterruptedException {
            Thread.sleep(2);
            out.emit(line, 1L);
        }
    }

    /** A word may end the process that reads it, as a crash in native code would. */
    static final class DeadlyWord implements Mapper<Long, Text, Text, Long> {
        @Override
        public void map(Long offset, Text line, Emitter<Text, Long> out) throws IOException, InterruptedException {
            if (line.toString().equals("deadly")) {
                Runtime.getRuntime().halt(9);
            }
            out.emit(line, 1L);
        }
    }

    /** Adds, at leisure. */
    static final class SlowSum implements Reducer<Text, Long, Text, Long> {
        @Override
        public void reduce(Text word, Iterator<Long> counts, Emitter<Text, Long> out)
                throws IOException, InterruptedException {
            Thread.sleep(10);
            long sum = 0;
            while (counts.hasNext()) {
                sum += counts.next();
            }
            out.emit(word, sum);
        }
    }

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = LocalCluster.open(
                LocalOptions.of("mr", 1, 3, 8).withMembers(LocalOptions.Members.CHILDREN), step -> {});
        cluster.start();
        List<String> addresses = cluster.awaitSettled(120_000).addresses(MemberView::grpc);
        seeds = String.join(",", addresses);
        client = new KvClient(addresses.stream().map(Endpoint::parse).toList(), Duration.ofSeconds(30));
    }

    @AfterAll
    static void stopCluster() {
        client.close();
        cluster.close();
    }

    @AfterEach
    void stopProcesses() {
        processes.forEach(MrProcess::close);
    }

    private MrProcess start(String command, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command, "--job", job, "--grpc", seeds));
        arguments.addAll(List.of(more));
        Path output = directory.resolve(command + "-" + processes.size());
        MrProcess process = MrProcess.start(List.of(), HEAP_MEBIBYTES, output, arguments.toArray(String[]::new));
        processes.add(process);
        return process;
    }

    private void submit(String name) throws Exception {
        job = name;
        table = new JobTable(new ClusterStore(client), job);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            String word = "w" + i * 31 % 900;
            lines.add(word);
            expected.merge(word, 1L, Long::sum);
        }
        // as many files as maps, since a split is a mebibyte at least
        Path input = Files.createDirectory(directory.resolve("in"));
        int perFile = LINES / MAPS;
        for (int i = 0; i < LINES; i += perFile) {
            Files.write(input.resolve("%05d".formatted(i)), lines.subList(i, i + perFile));
        }
        MrProcess submit = start(
                "submit",
                "--map",
                SlowWord.class.getName(),
                "--reduce",
                SlowSum.class.getName(),
                "--input",
                input.toString(),
                "--output",
                directory.resolve("out").toString(),
                "--reducers",
                String.valueOf(REDUCERS),
                "--sort-buffer",
                "4");
        assertThat(submit.await()).as(submit.printed()).isZero();
    }

    private MrProcess startWorker() throws IOException {
        return start("worker", "--temporary", directory.toString());
    }

    private long committed(Kind kind) throws IOException {
        return table.tasks().entrySet().stream()
                .filter(task -> task.getKey().kind() == kind && task.getValue().committed() != null)
                .count();
    }

    private void await(Moment moment) throws Exception {
        long endNanos = System.nanoTime() + PATIENCE_NANOS;
        while (!come(moment)) {
            assertThat(System.nanoTime()).as("waiting for " + moment).isLessThan(endNanos);
            Thread.sleep(20);
        }
    }

    private static void awaitPrinted(MrProcess process, String text) throws Exception {
        long endNanos = System.nanoTime() + PATIENCE_NANOS;
        while (!process.printed().contains(text)) {
            assertThat(System.nanoTime()).as("waiting for " + text).isLessThan(endNanos);
            Thread.sleep(20);
        }
    }

    private boolean come(Moment moment) throws IOException {
        return switch (moment) {
            case MAP -> committed(Kind.MAP) >= 5;
            case SHUFFLE -> committed(Kind.MAP) == MAPS;
            case REDUCE -> committed(Kind.REDUCE) >= 1;
        };
    }

    private void checkOutput(MrProcess coordinator, long startNanos, String what) throws Exception {
        assertThat(coordinator.await()).as(coordinator.printed()).isZero();
        System.out.printf("[mr] %s: %.1f s%n", what, (System.nanoTime() - startNanos) / 1e9);
        Map<String, Long> found = new HashMap<>();
        for (int i = 0; i < REDUCERS; i++) {
            for (String line : Files.readAllLines(directory.resolve("out/part-%05d".formatted(i)))) {
                assertThat(found.put(line.split("\t")[0], Long.parseLong(line.split("\t")[1])))
                        .isNull();
            }
        }
        assertThat(found).isEqualTo(expected);
        assertThat(directory.resolve("out/_attempts")).doesNotExist();
        assertThat(table.totals().counters().get("job"))
                .containsEntry("map input records", (long) LINES)
                .containsEntry("reduce output records", (long) expected.size());
    }

    @Test
    @Execution(CONCURRENT)
    void nothingIsKilledAndTheJobIsWatched() throws Exception {
        submit("calm");
        long startNanos = System.nanoTime();
        MrProcess coordinator = start("coordinator");
        MrProcess watch = start("status", "--watch");
        awaitPrinted(watch, "maps 0/20");
        assertThat(status()).containsPattern("maps 0/20 .* reduces 0/6");
        for (int i = 0; i < WORKERS; i++) {
            startWorker();
        }
        await(Moment.MAP);
        // By the time that it is up the job may be over; it tells of the counters all the same.
        assertThat(status()).contains("map input records");
        checkOutput(coordinator, startNanos, "nothing killed");
        assertThat(watch.await()).isZero();
        assertThat(watch.printed())
                .containsPattern("(?m)^map +maps \\d+/20 .* reduces 0/6")
                .containsPattern("(?m)^reduce +maps 20/20 \\(100 %\\)")
                .contains("calm succeeded")
                .containsPattern("map input records +4,000");
    }

    private String status() throws Exception {
        MrProcess status = start("status");
        assertThat(status.await()).isZero();
        return status.printed();
    }

    @ParameterizedTest
    @Execution(CONCURRENT)
    @EnumSource(Moment.class)
    void aWorkerIsKilled(Moment moment) throws Exception {
        submit("worker-" + moment.name().toLowerCase(Locale.ROOT));
        long startNanos = System.nanoTime();
        MrProcess coordinator = start("coordinator");
        MrProcess victim = startWorker();
        startWorker();
        startWorker();
        await(moment);
        victim.kill();
        checkOutput(coordinator, startNanos, "a worker killed in " + moment);
    }

    @ParameterizedTest
    @Execution(CONCURRENT)
    @EnumSource(Moment.class)
    void theCoordinatorIsKilled(Moment moment) throws Exception {
        submit("coordinator-" + moment.name().toLowerCase(Locale.ROOT));
        long startNanos = System.nanoTime();
        MrProcess victim = start("coordinator");
        for (int i = 0; i < WORKERS; i++) {
            startWorker();
        }
        await(moment);
        victim.kill();
        Map<TaskId, TaskRecord> before = table.tasks();
        MrProcess next = start("coordinator");
        checkOutput(next, startNanos, "the coordinator killed in " + moment);
        Map<TaskId, TaskRecord> after = new JobTable(new ClusterStore(client), job).tasks();
        before.forEach((task, record) -> {
            if (record.committed() != null) {
                assertThat(after.get(task).committed())
                        .as(task + " is not done again")
                        .isEqualTo(record.committed());
            }
        });
    }

    @Test
    @Execution(CONCURRENT)
    void theLeaderOfTheStoreIsKilled() throws Exception {
        submit("leader");
        long startNanos = System.nanoTime();
        MrProcess coordinator = start("coordinator");
        for (int i = 0; i < WORKERS; i++) {
            startWorker();
        }
        await(Moment.MAP);
        ClusterView view = cluster.view();
        MemberView leader = view.member(view.groups().getFirst().leader()).orElseThrow();
        Signal.KILL.send(leader.pid());
        checkOutput(coordinator, startNanos, "the store's leader killed in MAP");
        cluster.awaitSettled(120_000);
    }

    @Test
    @Execution(CONCURRENT)
    void aJobThatFailsDisturbsNoOther() throws Exception {
        submit("good");
        MrProcess good = start("coordinator");
        startWorker();
        job = "bad";
        Path input = Files.writeString(directory.resolve("bad.txt"), "fine\nbad\n");
        MrProcess submit = start(
                "submit",
                "--map-command",
                "awk '/bad/ { exit 5 } { print }'",
                "--input",
                input.toString(),
                "--output",
                directory.resolve("bad-out").toString());
        assertThat(submit.await()).as(submit.printed()).isZero();
        MrProcess bad = start("coordinator");
        startWorker();
        assertThat(bad.await()).as(bad.printed()).isEqualTo(10);
        assertThat(bad.printed())
                .contains("the job failed: map-00000 failed on record 1 of " + input)
                .contains("\"bad\"", "ended with status 5");
        assertThat(directory.resolve("bad-out")).doesNotExist();
        job = "good";
        checkOutput(good, System.nanoTime(), "beside a job that failed");
        assertThat(new JobTable(new ClusterStore(client), "bad").outcome()).isPresent();
    }

    @Test
    @Execution(CONCURRENT)
    void aRecordThatEndsItsProcessIsLeftOut() throws Exception {
        job = "deadly";
        Path input = Files.writeString(directory.resolve("deadly.txt"), "before\ndeadly\nafter\n");
        Path output = directory.resolve("deadly-out");
        MrProcess submit = start(
                "submit",
                "--map",
                DeadlyWord.class.getName(),
                "--reduce",
                SlowSum.class.getName(),
                "--skip-bad-records",
                "1",
                "--input",
                input.toString(),
                "--output",
                output.toString());
        assertThat(submit.await()).as(submit.printed()).isZero();
        MrProcess coordinator = start("coordinator");
        List<MrProcess> workers = List.of(startWorker(), startWorker(), startWorker());
        assertThat(coordinator.await()).as(coordinator.printed()).isZero();
        assertThat(Files.readString(output.resolve("part-00000"))).isEqualTo("after\t1\nbefore\t1\n");
        try (Stream<Path> aside = Files.list(output.resolve("_skipped"))) {
            assertThat(Files.readString(aside.findFirst().orElseThrow())).contains("deadly");
        }
        List<Integer> ends = new ArrayList<>();
        for (MrProcess worker : workers) {
            ends.add(worker.await());
        }
        assertThat(ends).containsExactlyInAnyOrder(9, 9, 0);
    }
}
