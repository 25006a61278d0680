package dev.quorate.mapreduce.keyspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import dev.quorate.client.ShardSnapshot;
import dev.quorate.mapreduce.InputFormat;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.StoredValue;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@code keyspace}. A split is a shard, read from a snapshot. Keeps a client for each cluster that it reads, until it is closed. */
public final class KeyspaceInput implements InputFormat<Text, StoredValue>, AutoCloseable {
    public static final double DEFAULT_MEBIBYTES_PER_SECOND = 2;

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int PAGE = 200;
    /** How much of a shard has been read is not known before its end. */
    private static final double UNDER_WAY = 0.5;

    private final double bytesPerSecond;
    private final Optional<Duration> maxStaleness;
    private final Map<String, KvClient> clients = new ConcurrentHashMap<>();

    /**
     * @param mebibytesPerSecond most that a reader reads
     * @param maxStaleness empty: a shard is read from its leader, as it is when reading begins; else from any of its members, and what was written longer than so long
     *     before may not be missing
     */
    public KeyspaceInput(double mebibytesPerSecond, Optional<Duration> maxStaleness) {
        bytesPerSecond = mebibytesPerSecond * (1 << 20);
        this.maxStaleness = maxStaleness;
    }

    /** A cluster and a prefix of its keys. */
    private record Keyspace(String seeds, String prefix) {
        private static Keyspace parse(String input) throws IOException {
            int slash = input.indexOf('/');
            if (slash <= 0) {
                throw new IOException("input " + input + " is no keyspace: it is written HOST:PORT/PREFIX");
            }
            return new Keyspace(input.substring(0, slash), input.substring(slash + 1));
        }
    }

    private KvClient client(Keyspace keyspace) throws IOException {
        try {
            return clients.computeIfAbsent(
                    keyspace.seeds(),
                    seeds -> new KvClient(
                            Stream.of(seeds.split(",")).map(Endpoint::parse).toList(), TIMEOUT));
        } catch (IllegalArgumentException e) {
            throw new IOException("input " + keyspace.seeds() + "/" + keyspace.prefix() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<Split> splits(String input, long splitBytes) throws IOException {
        KvClient client = client(Keyspace.parse(input));
        try {
            return IntStream.range(0, client.shardCount())
                    .mapToObj(shard -> new Split(input, shard, shard + 1L, hosts(client, shard)))
                    .toList();
        } catch (QuorateException e) {
            throw new IOException("input " + input + " can't be read: " + e.getMessage(), e);
        }
    }

    /** The machines of who may be asked for a shard. */
    private List<String> hosts(KvClient client, int shard) {
        return client.membersOf(shard).stream()
                .limit(maxStaleness.isPresent() ? Long.MAX_VALUE : 1)
                .map(Endpoint::host)
                .distinct()
                .toList();
    }

    @Override
    public RecordReader<Text, StoredValue> open(Split split) throws IOException {
        Keyspace keyspace = Keyspace.parse(split.source());
        KvClient client = client(keyspace);
        int shard = (int) split.start();
        try {
            ShardSnapshot snapshot = maxStaleness.isPresent()
                    ? client.snapshotAnywhere(shard, maxStaleness.get())
                    : client.snapshot(shard);
            return new Records(snapshot, shard, keyspace.prefix().getBytes(UTF_8));
        } catch (QuorateException e) {
            throw new IOException("shard " + shard + " can't be read: " + e.getMessage(), e);
        }
    }

    private final class Records implements RecordReader<Text, StoredValue> {
        private final ShardSnapshot snapshot;
        private final int shard;
        private final byte[] prefix;
        private final Pace pace = new Pace(bytesPerSecond, System.nanoTime());
        private Iterator<KvClient.Entry> page = List.<KvClient.Entry>of().iterator();
        private byte[] after = {};
        private boolean last;
        private KvClient.Entry entry;

        private Records(ShardSnapshot snapshot, int shard, byte[] prefix) {
            this.snapshot = snapshot;
            this.shard = shard;
            this.prefix = prefix;
        }

        @Override
        public boolean next() throws IOException {
            while (!page.hasNext()) {
                if (last) {
                    return false;
                }
                nextPage();
            }
            entry = page.next();
            return true;
        }

        private void nextPage() throws IOException {
            KvClient.Page read;
            try {
                read = snapshot.scan(prefix, after, PAGE);
            } catch (QuorateException e) {
                throw new IOException("shard " + shard + " can't be read: " + e.getMessage(), e);
            }
            last = !read.more();
            long bytes = 0;
            for (KvClient.Entry one : read.entries()) {
                bytes += one.key().length + one.value().length;
                after = one.key();
            }
            page = read.entries().iterator();
            try {
                Thread.sleep(Duration.ofNanos(pace.waitNanos(bytes, System.nanoTime())));
            } catch (InterruptedException e) {
                // the attempt sees at its next record that it is not wanted any more
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public Text key() {
            return Text.of(entry.key());
        }

        @Override
        public StoredValue value() {
            return new StoredValue(Text.of(entry.value()), entry.version());
        }

        @Override
        public double progress() {
            return last && !page.hasNext() ? 1 : UNDER_WAY;
        }

        @Override
        public void close() {
            snapshot.close();
        }
    }

    @Override
    public void close() {
        clients.values().forEach(KvClient::close);
    }
}
