package dev.quorate.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.cli.view.ClusterView.MemberView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;

/**
 * Redis clients with their default settings count while the cluster scales out and in. None of them notices: no operation fails, and every sum is the one
 * before it and one more, so that none is lost and none is done twice.
 */
class ScalingClientsTest {
    private static final long PATIENCE_MILLIS = 180_000;
    private static final int KEYS = 64;
    private static final int ENOUGH = 200;
    /** A folder of jars: Lettuce needs another Netty than a node has, so it runs as a process of its own. */
    private static final String LETTUCE = System.getProperty("quorate.test.lettuce", "target/lettuce");

    private static final String PYTHON = System.getProperty("quorate.test.python", "python3");

    @TempDir
    private Path directory;

    /** Counts on a thread of its own. */
    private static final class Counter {
        private final String name;
        private final ToLongFunction<String> increment;
        private final AtomicLong operations = new AtomicLong();
        private final List<String> troubles = new CopyOnWriteArrayList<>();
        private final Thread thread;
        private volatile boolean stopped;

        private Counter(String name, ToLongFunction<String> increment) {
            this.name = name;
            this.increment = increment;
            this.thread = Thread.ofPlatform().daemon().name(name).start(this::count);
        }

        private void count() {
            Map<String, Long> sums = new TreeMap<>();
            while (!stopped) {
                String key = name + "-" + operations.get() % KEYS;
                try {
                    long sum = increment.applyAsLong(key);
                    long before = sums.getOrDefault(key, 0L);
                    if (sum != before + 1) {
                        troubles.add(key + " is " + sum + " after " + before);
                    }
                    sums.put(key, sum);
                } catch (RuntimeException e) {
                    troubles.add(key + ": " + e);
                }
                operations.incrementAndGet();
            }
        }

        private void awaitMore() throws InterruptedException {
            long enough = operations.get() + ENOUGH;
            for (long i = 0; operations.get() < enough; i += 10) {
                assertThat(i).as("%s stands still: %s", name, troubles).isLessThan(PATIENCE_MILLIS);
                Thread.sleep(10);
            }
        }

        private void verify() throws InterruptedException {
            stopped = true;
            thread.join();
            assertThat(troubles)
                    .as("troubles of %s in %s operations", name, operations)
                    .isEmpty();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void jedisNoticesNothing() throws Exception {
        try (LocalCluster cluster = started();
                RedisClusterClient jedis = RedisClusterClient.create(
                        cluster.awaitSettled(PATIENCE_MILLIS).addresses(MemberView::redis).stream()
                                .map(HostAndPort::from)
                                .collect(Collectors.toSet()))) {
            Counter counter = new Counter("jedis", jedis::incr);
            for (int groups : List.of(3, 1, 2)) {
                counter.awaitMore();
                cluster.scale(groups);
                cluster.awaitSettled(PATIENCE_MILLIS);
            }
            counter.awaitMore();
            counter.verify();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void lettuceNoticesNothing() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertNoticesNothing(List.of(java, "-cp", LETTUCE + "/*", copied("LettuceWriter.java")));
    }

    @Test
    @Execution(CONCURRENT)
    void redisPyNoticesNothing() throws Exception {
        assumeTrue(
                hasRedisPy(),
                "redis-py is not there for " + PYTHON
                        + ": install it (apt-get install python3-redis), or name a Python that has it with"
                        + " -Dquorate.test.python=PATH");
        assertNoticesNothing(List.of(PYTHON, copied("redis_py_writer.py")));
    }

    private String copied(String program) throws IOException {
        try (InputStream source = getClass().getResourceAsStream(program)) {
            Path copy = directory.resolve(program);
            Files.copy(source, copy);
            return copy.toString();
        }
    }

    /** @param program a writer that takes the members' addresses, and prints {@code started} and, once its input has ended, its verdict */
    private static void assertNoticesNothing(List<String> program) throws Exception {
        try (LocalCluster cluster = started()) {
            List<String> command = new ArrayList<>(program);
            command.addAll(cluster.awaitSettled(PATIENCE_MILLIS).addresses(MemberView::redis));
            Process writer = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader said = writer.inputReader(UTF_8)) {
                assertThat(said.readLine()).isEqualTo("started");
                for (int groups : List.of(3, 1, 2)) {
                    cluster.scale(groups);
                    cluster.awaitSettled(PATIENCE_MILLIS);
                }
                writer.getOutputStream().close();
                JsonNode verdict = new ObjectMapper().readTree(said.readLine());
                assertThat(verdict.path("troubles").isEmpty())
                        .as(verdict.toString())
                        .isTrue();
                assertThat(verdict.path("operations").asLong()).isGreaterThan(ENOUGH);
                System.out.println("[clients] " + program.getLast() + ": " + verdict);
            } finally {
                writer.destroyForcibly();
            }
        }
    }

    private static boolean hasRedisPy() throws InterruptedException {
        try {
            Process probe = new ProcessBuilder(PYTHON, "-c", "import redis.cluster")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor(30, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (IOException e) {
            return false; // no such Python
        }
    }

    private static LocalCluster started() throws IOException {
        LocalCluster cluster = LocalCluster.open(LocalOptions.of("clients", 2, 3, 32), _ -> {});
        cluster.start();
        return cluster;
    }
}
