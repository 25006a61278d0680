package dev.quorate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.Slots;
import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.StoredValue;
import dev.quorate.mapreduce.Text;
import dev.quorate.mapreduce.example.JoinTexts;
import dev.quorate.mapreduce.example.Sum;
import dev.quorate.mapreduce.example.WordPlaces;
import dev.quorate.mapreduce.example.Words;
import dev.quorate.mapreduce.keyspace.KeyspaceInput;
import dev.quorate.mapreduce.keyspace.KeyspaceOutput;
import dev.quorate.mapreduce.keyspace.KeyspaceTarget;
import dev.quorate.mapreduce.keyspace.StagedPairs;
import dev.quorate.mapreduce.table.ClusterStore;
import dev.quorate.mapreduce.table.JobTable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code quorate mr} on a cluster of real nodes: its keys as input, and jobs whose state it holds. */
class MapReduceTest {
    private static final int DOCUMENTS = 300;

    private static LocalCluster cluster;
    private static String seed;
    /** Of each word, the documents that it is in. */
    private static final Map<String, SortedSet<String>> PLACES = new TreeMap<>();

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        cluster = LocalCluster.open(LocalOptions.of("mr", 2, 1, 8), step -> {});
        cluster.start();
        ClusterView view = cluster.awaitSettled(120_000);
        seed = view.addresses(MemberView::grpc).getFirst();
        try (KvClient client = new KvClient(List.of(Endpoint.parse(seed)), Duration.ofSeconds(30))) {
            for (int i = 0; i < DOCUMENTS; i++) {
                String key = "doc:" + i;
                String content = "all n%d m%d".formatted(i % 7, i % 50);
                client.put(key.getBytes(UTF_8), content.getBytes(UTF_8));
                for (String word : content.split(" ")) {
                    PLACES.computeIfAbsent(word, ignored -> new TreeSet<>()).add(key);
                }
            }
            client.put("other".getBytes(UTF_8), "not a document".getBytes(UTF_8));
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static List<String> index() {
        return PLACES.entrySet().stream()
                .map(entry -> entry.getKey() + "\t" + String.join(",", entry.getValue()))
                .toList();
    }

    @Test
    void anInvertedIndexOfAKeyspace() throws Exception {
        Path output = directory.resolve("index");
        index(output.toString());
        assertThat(Files.readAllLines(output.resolve("part-00000"))).isEqualTo(index());
    }

    /** Makes an index of the documents. */
    private static void index(String output, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "mr",
                "run",
                "--local",
                "--map",
                WordPlaces.class.getName(),
                "--reduce",
                JoinTexts.class.getName(),
                "--keyspace",
                seed + "/doc:",
                "--output",
                output));
        arguments.addAll(List.of(options));
        assertThat(Quorate.execute(arguments.toArray(String[]::new))).isZero();
    }

    @Test
    void followersMayBeReadWhereTheJobAllows() throws Exception {
        Path output = directory.resolve("stale");
        index(output.toString(), "--keyspace-staleness", "5");
        assertThat(Files.readAllLines(output.resolve("part-00000"))).isEqualTo(index());
    }

    /** Looks at versions. */
    static final class Versions implements Mapper<Text, StoredValue, Text, Long> {
        @Override
        public void map(Text key, StoredValue stored, Emitter<Text, Long> out) throws IOException {
            out.emit(key, stored.version());
        }
    }

    @Test
    void aMapperSeesVersions() throws Exception {
        try (KvClient client = new KvClient(List.of(Endpoint.parse(seed)), Duration.ofSeconds(30))) {
            long first = client.put("versioned:a".getBytes(UTF_8), new byte[0]);
            long second = client.put("versioned:a".getBytes(UTF_8), new byte[1]);
            assertThat(second).isGreaterThan(first);
            Path output = directory.resolve("versions");
            assertThat(Quorate.execute(
                            "mr",
                            "run",
                            "--local",
                            "--map",
                            Versions.class.getName(),
                            "--keyspace",
                            seed + "/versioned:",
                            "--output",
                            output.toString()))
                    .isZero();
            assertThat(Files.readAllLines(output.resolve("part-00000"))).containsExactly("versioned:a\t" + second);
        }
    }

    /** What a job reads of a shard is of one moment, whatever is written meanwhile. */
    @Test
    void aShardIsReadAsItWasAtOneMoment() throws Exception {
        try (KvClient client = new KvClient(List.of(Endpoint.parse(seed)), Duration.ofSeconds(30));
                KeyspaceInput input = new KeyspaceInput(100, Optional.empty())) {
            for (int i = 0; i < 1000; i++) {
                client.put("{moment}%03d".formatted(i).getBytes(UTF_8), "before".getBytes(UTF_8));
            }
            int shard = Slots.shardOf("{moment}".getBytes(UTF_8), client.shardCount());
            Split split = input.splits(seed + "/{moment}", 1).get(shard);
            assertThat(split.preferredNodes()).containsExactly("127.0.0.1");
            try (RecordReader<Text, StoredValue> records = input.open(split)) {
                assertThat(records.next()).isTrue();
                client.put("{moment}999".getBytes(UTF_8), "after".getBytes(UTF_8));
                client.delete("{moment}500".getBytes(UTF_8));
                int count = 0;
                do {
                    assertThat(records.value().value()).hasToString("before");
                    count++;
                } while (records.next());
                assertThat(count).isEqualTo(1000);
            }
        }
    }

    @Test
    void aKeyspaceAsOutputBecomesCurrentAsAWhole() {
        try (KvClient client = new KvClient(List.of(Endpoint.parse(seed)), Duration.ofSeconds(30))) {
            String last = null;
            for (int i = 0; i < 2; i++) {
                index("kv:index:", "--staging", directory.toString(), "--reducers", "3");
                String generation = new String(
                        client.get("index:current".getBytes(UTF_8))
                                .orElseThrow()
                                .bytes(),
                        UTF_8);
                assertThat(generation).isNotEqualTo(last);
                last = generation;
                String prefix = "index:" + generation + "/";
                Map<String, String> found = new TreeMap<>();
                client.scan("index:".getBytes(UTF_8))
                        .forEachRemaining(
                                entry -> found.put(new String(entry.key(), UTF_8), new String(entry.value(), UTF_8)));
                Map<String, String> expected = new TreeMap<>();
                expected.put("index:current", generation);
                PLACES.forEach((word, places) -> expected.put(prefix + word, String.join(",", places)));
                assertThat(found).as("and nothing of the generation before").isEqualTo(expected);
            }
        }
    }

    private Path staged(String value) throws IOException {
        Path file = directory.resolve(value);
        try (OutputStream out = Files.newOutputStream(file)) {
            new StagedPairs().open(out).emit("key", value);
        }
        return file;
    }

    /** Another job's output, or the end of its own, comes while it is held up at its first file. */
    @Test
    void aPublicationThatIsHeldUpDoesNotPutTheOldInThePlaceOfTheNew() throws Exception {
        KeyspaceOutput late = new KeyspaceOutput(new KeyspaceTarget(seed, "fenced:", "late"));
        KeyspaceOutput next = new KeyspaceOutput(new KeyspaceTarget(seed, "fenced:", "next"));
        List<Path> ofLate = List.of(staged("old"));
        List<Path> ofNext = List.of(staged("new"));
        AtomicInteger checks = new AtomicInteger();
        assertThatThrownBy(() -> late.load(ofLate, () -> {
                    switch (checks.incrementAndGet()) {
                        case 1 -> published(next, ofNext);
                        case 2 -> {}
                        default -> throw new IOException("it has ended");
                    }
                }))
                .hasMessage("it has ended");
        try (KvClient client = new KvClient(List.of(Endpoint.parse(seed)), Duration.ofSeconds(30))) {
            assertThat(value(client, "fenced:current")).isEqualTo("next");
            checks.set(0);
            assertThatThrownBy(() -> late.load(ofLate, () -> {
                        switch (checks.incrementAndGet()) {
                            case 1 -> late.discard();
                            case 2 -> {}
                            default -> throw new IOException("it has ended");
                        }
                    }))
                    .hasMessage("it has ended");
            assertThat(value(client, "fenced:current")).isEqualTo("next");
            assertThat(value(client, "fenced:next/key")).isEqualTo("new");
        }
    }

    private static void published(KeyspaceOutput output, List<Path> staged) throws IOException {
        try {
            output.load(staged, () -> {});
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String value(KvClient client, String key) {
        return new String(client.get(key.getBytes(UTF_8)).orElseThrow().bytes(), UTF_8);
    }

    @Test
    void commandsOnAKeyspace() throws Exception {
        Path output = directory.resolve("count");
        int status = Quorate.execute(
                "mr",
                "run",
                "--local",
                "--map-command",
                "cut -f2 | tr ' ' '\\n'",
                "--reduce-command",
                "uniq -c | awk '{ print $2 \"\\t\" $1 }'",
                "--keyspace",
                seed + "/doc:",
                "--output",
                output.toString());
        assertThat(status).isZero();
        assertThat(Files.readAllLines(output.resolve("part-00000")))
                .isEqualTo(PLACES.entrySet().stream()
                        .map(entry -> entry.getKey() + "\t" + entry.getValue().size())
                        .toList());
    }

    @Test
    void aJobWhoseStateIsInTheCluster() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            lines.add("w" + i % 10);
        }
        Path input = Files.write(directory.resolve("in"), lines);
        Path output = directory.resolve("out");
        String[] where = {"--job", "counting", "--grpc", seed};
        assertThat(mr(
                        "submit",
                        where,
                        "--map",
                        Words.class.getName(),
                        "--combine",
                        Sum.class.getName(),
                        "--reduce",
                        Sum.class.getName(),
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString(),
                        "--reducers",
                        "2"))
                .isZero();
        endWell(List.of(() -> mr("coordinator", where), () -> mr("worker", where), () -> mr("worker", where)));
        List<String> counts = new ArrayList<>(Files.readAllLines(output.resolve("part-00000")));
        counts.addAll(Files.readAllLines(output.resolve("part-00001")));
        assertThat(counts).hasSize(10).allMatch(line -> line.endsWith("\t200"));
        assertThat(mr("status", where)).isZero();
        assertThat(mr("delete", where)).isZero();
        assertThat(mr("status", where)).isEqualTo(1);
    }

    @Test
    void splitsAreNearTheNodesThatTheCoordinatorIsTold() throws Exception {
        String[] where = {"--job", "near", "--grpc", seed};
        assertThat(mr(
                        "submit",
                        where,
                        "--map",
                        WordPlaces.class.getName(),
                        "--reduce",
                        JoinTexts.class.getName(),
                        "--keyspace",
                        seed + "/doc:",
                        "--output",
                        directory.resolve("near").toString()))
                .isZero();
        endWell(List.of(
                () -> mr("coordinator", where, "--nodes", "127.0.0.1=worker-a,elsewhere=worker-b"),
                () -> mr("worker", where, "--node", "worker-a")));
        try (KvClient client = new KvClient(List.of(Endpoint.parse(seed)), Duration.ofSeconds(30))) {
            assertThat(new JobTable(new ClusterStore(client), "near")
                            .plan()
                            .orElseThrow()
                            .splits())
                    .hasSize(8)
                    .allSatisfy(split -> assertThat(split.preferredNodes()).containsExactly("worker-a"));
        }
        assertThat(Files.readAllLines(directory.resolve("near").resolve("part-00000")))
                .isEqualTo(index());
        assertThat(mr("delete", where)).isZero();
    }

    @Test
    void aJobThatIsDeletedBeforeItsEndLeavesNothing() throws Exception {
        Path output = directory.resolve("out");
        Path input = Files.write(directory.resolve("in"), List.of("a b"));
        String[] where = {"--job", "cancelled", "--grpc", seed};
        assertThat(mr(
                        "submit",
                        where,
                        "--map-command",
                        "sleep 600",
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString()))
                .isZero();
        try (ExecutorService processes = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> coordinator = processes.submit(() -> mr("coordinator", where));
            long endNanos = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!Files.exists(output.resolve("_attempts"))) {
                assertThat(System.nanoTime()).isLessThan(endNanos);
                Thread.sleep(20);
            }
            assertThat(mr("delete", where)).as("without --force").isEqualTo(1);
            assertThat(mr("delete", where, "--force")).isZero();
            // It either saw the job's end before the job was gone, or that it was gone.
            assertThat(coordinator.get()).isIn(0, 10);
        }
        assertThat(output).doesNotExist();
        assertThat(mr("worker", where)).isEqualTo(1);
    }

    /** Runs commands at the same time, as the processes of a job. */
    private static void endWell(List<Callable<Integer>> commands) throws InterruptedException {
        try (ExecutorService processes = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(processes.invokeAll(commands))
                    .allSatisfy(ended -> assertThat(ended.get()).isZero());
        }
    }

    private static int mr(String command, String[] where, String... options) {
        List<String> arguments = new ArrayList<>(List.of("mr", command));
        arguments.addAll(List.of(where));
        arguments.addAll(List.of(options));
        return Quorate.execute(arguments.toArray(String[]::new));
    }

    @Test
    void whatIsWrongIsSaid() {
        String output = directory.resolve("out").toString();
        assertThat(Quorate.execute("mr", "run", "--local", "--output", output)).isEqualTo(2);
        assertThat(Quorate.execute("mr", "run", "--local", "--input", directory + "/none", "--output", output))
                .isEqualTo(1);
        assertThat(Quorate.execute("mr", "run", "--local", "--keyspace", "nowhere", "--output", output))
                .isEqualTo(1);
        assertThat(Quorate.execute("mr", "worker", "--job", "unknown", "--grpc", seed))
                .isEqualTo(1);
        assertThat(Quorate.execute("mr", "worker", "--job", "no such/name", "--grpc", seed))
                .isEqualTo(2);
        assertThat(Quorate.execute("mr", "coordinator", "--job", "unknown", "--grpc", seed, "--nodes", "worker-a"))
                .isEqualTo(2);
        assertThat(directory.resolve("out")).doesNotExist();
    }
}
