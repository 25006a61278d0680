package dev.quorate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.local.PortRange;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.mapreduce.example.JoinTexts;
import dev.quorate.mapreduce.example.Sum;
import dev.quorate.mapreduce.example.WordPlaces;
import dev.quorate.mapreduce.example.Words;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        cluster = LocalCluster.open(
                new LocalOptions(
                        Optional.of("mr"),
                        Optional.of(2),
                        Optional.of(1),
                        Optional.of(8),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        PortRange.any(),
                        LocalOptions.Members.HERE,
                        false,
                        Optional.of(0)),
                step -> {});
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
        int status = Quorate.execute(
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
                output.toString());
        assertThat(status).isZero();
        assertThat(Files.readAllLines(output.resolve("part-00000"))).isEqualTo(index());
    }

    @Test
    void aKeyspaceAsOutputBecomesCurrentAsAWhole() {
        try (KvClient client = new KvClient(List.of(Endpoint.parse(seed)), Duration.ofSeconds(30))) {
            String last = null;
            for (int i = 0; i < 2; i++) {
                int status = Quorate.execute(
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
                        "kv:index:",
                        "--staging",
                        directory.toString(),
                        "--reducers",
                        "3");
                assertThat(status).isZero();
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
        assertThat(Quorate.execute(
                        "mr",
                        "submit",
                        where[0],
                        where[1],
                        where[2],
                        where[3],
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
        try (ExecutorService processes = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> coordinator = processes.submit(() -> mr("coordinator", where));
            Future<Integer> worker = processes.submit(() -> mr("worker", where));
            Future<Integer> another = processes.submit(() -> mr("worker", where));
            assertThat(List.of(coordinator.get(), worker.get(), another.get())).containsOnly(0);
        }
        List<String> counts = new ArrayList<>(Files.readAllLines(output.resolve("part-00000")));
        counts.addAll(Files.readAllLines(output.resolve("part-00001")));
        assertThat(counts).hasSize(10).allMatch(line -> line.endsWith("\t200"));
        assertThat(mr("status", where)).isZero();
        assertThat(mr("delete", where)).isZero();
        assertThat(mr("status", where)).isEqualTo(1);
    }

    @Test
    void aJobThatIsDeletedBeforeItsEndLeavesNothing() throws Exception {
        Path output = directory.resolve("out");
        Path input = Files.write(directory.resolve("in"), List.of("a b"));
        String[] where = {"--job", "cancelled", "--grpc", seed};
        assertThat(Quorate.execute(
                        "mr",
                        "submit",
                        where[0],
                        where[1],
                        where[2],
                        where[3],
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
            assertThat(Quorate.execute("mr", "delete", where[0], where[1], where[2], where[3], "--force"))
                    .isZero();
            // It either saw the job's end before the job was gone, or that it was gone.
            assertThat(coordinator.get()).isIn(0, 10);
        }
        assertThat(output).doesNotExist();
        assertThat(mr("worker", where)).isEqualTo(1);
    }

    private static int mr(String command, String... where) {
        return Quorate.execute("mr", command, where[0], where[1], where[2], where[3]);
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
        assertThat(directory.resolve("out")).doesNotExist();
    }
}
