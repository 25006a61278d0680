import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Increments counters with Lettuce, as it comes, until its input ends; prints what it saw as JSON. Arguments: members as HOST:PORT. Run from its source. */
public final class LettuceWriter {
    private static final int THREADS = 4; // they share one connection, so that requests are under way on it all the time
    private static final int KEYS = 16;

    private static final AtomicLong operations = new AtomicLong();
    private static final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
    private static volatile boolean ended;

    public static void main(String[] members) throws Exception {
        List<RedisURI> seeds = Stream.of(members).map(member -> RedisURI.create("redis://" + member)).toList();
        try (RedisClusterClient client = RedisClusterClient.create(seeds)) {
            RedisAdvancedClusterCommands<String, String> redis = client.connect().sync();
            List<Thread> threads = new ArrayList<>();
            for (int number = 0; number < THREADS; number++) {
                String name = "lettuce-" + number;
                threads.add(Thread.ofPlatform().start(() -> count(redis, name)));
            }
            System.out.println("started");
            System.in.readAllBytes();
            ended = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
        String listed = String.join(",", troubles.stream().limit(20).map(LettuceWriter::quoted).toList());
        System.out.println("{\"operations\":" + operations + ",\"troubles\":[" + listed + "]}");
    }

    private static void count(RedisAdvancedClusterCommands<String, String> redis, String name) {
        long[] sums = new long[KEYS];
        for (int i = 0; !ended; i = (i + 1) % KEYS) {
            try {
                long found = redis.incr(name + "-" + i);
                if (found != sums[i] + 1) {
                    troubles.add(name + "-" + i + " is " + found + " after " + sums[i]);
                }
                sums[i] = found;
            } catch (RuntimeException e) {
                troubles.add(name + "-" + i + ": " + e);
            }
            operations.incrementAndGet();
        }
    }

    private static String quoted(String text) {
        return '"' + text.replaceAll("[^ -~]|[\"\\\\]", "'") + '"';
    }
}
