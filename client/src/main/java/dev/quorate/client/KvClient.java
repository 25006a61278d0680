package dev.quorate.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.api.CompareAndSetRequest;
import dev.quorate.api.CompareAndSetResponse;
import dev.quorate.api.DataRequest;
import dev.quorate.api.DataResponse;
import dev.quorate.api.DeleteRequest;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.GetRequest;
import dev.quorate.api.GetResponse;
import dev.quorate.api.IncrementRequest;
import dev.quorate.api.OpenSnapshotRequest;
import dev.quorate.api.PutCondition;
import dev.quorate.api.PutRequest;
import dev.quorate.api.PutResponse;
import dev.quorate.api.ScanRequest;
import dev.quorate.api.ScanResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;

/**
 * Reads and writes a cluster's keys, wherever they are. Calls block until answered or timed out, through elections and moves of shards, and throw
 * {@link QuorateException}. What did not succeed is tried again until the timeout. A write takes effect once, however often it is sent: it belongs to a
 * session, in which the nodes remember its result. When the timeout comes first, or the nodes have forgotten the session (an hour without a write, or too
 * many clients), the exception's {@link Effect} says whether the write may have taken effect. Safe for many threads.
 */
public final class KvClient implements AutoCloseable {
    /** Longest key. */
    public static final int KEY_BYTES_MAX = 16 << 10;

    /** Longest value. */
    public static final int VALUE_BYTES_MAX = 1 << 20;

    private static final int SCAN_PAGE = 500;

    private final Router router;
    /** Null when writes belong to none. */
    private final Sessions sessions;

    /**
     * Connects at the first call.
     *
     * @param seeds data addresses (gRPC) of some nodes, to learn the others from
     * @param timeout of each call
     */
    public KvClient(List<Endpoint> seeds, Duration timeout) {
        this(seeds, timeout, true);
    }

    private KvClient(List<Endpoint> seeds, Duration timeout, boolean withSessions) {
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("no address given to learn the cluster's nodes from");
        }
        router = new Router(seeds, timeout);
        sessions = withSessions ? new Sessions(router) : null;
    }

    /**
     * A client whose writes belong to no session: the nodes keep nothing of them, and a write that may have taken effect is not tried again. For single
     * writes, and for writes that may as well take effect twice.
     */
    public static KvClient withoutSessions(List<Endpoint> seeds, Duration timeout) {
        return new KvClient(seeds, timeout, false);
    }

    /**
     * What a key holds.
     *
     * @param version more than that of any earlier write to the key
     * @param deadlineMillis Unix time at which it expires; 0 for never
     */
    public record Value(byte[] bytes, long version, long deadlineMillis) {}

    /** A key and its value, as a scan returns them. */
    public record Entry(byte[] key, byte[] value, long version) {}

    /**
     * One page of a shard, in key order.
     *
     * @param more whether there are entries after the last one
     */
    public record Page(List<Entry> entries, boolean more) {}

    /**
     * What became of a compare-and-set.
     *
     * @param current what the key holds after it; empty when absent
     */
    public record Swap(boolean applied, Optional<Value> current) {}

    public Optional<Value> get(byte[] key) {
        GetRequest request = GetRequest.newBuilder().setKey(checkedKey(key)).build();
        return value(
                read(shardOf(key), DataRequest.newBuilder().setGet(request)).getGet());
    }

    /**
     * Reads from any member of the group that owns the key, not only its leader, which spreads the load of reading.
     *
     * @param maxStaleness what was written later than so long ago may be missing; zero for a linearizable read, for which a follower asks its leader how
     *     far it must have come
     */
    public Optional<Value> getAnywhere(byte[] key, Duration maxStaleness) {
        GetRequest request = GetRequest.newBuilder()
                .setKey(checkedKey(key))
                .setAnyMember(true)
                .setMaxStalenessMillis(maxStaleness.toMillis())
                .build();
        return value(router.call(
                        shardOf(key),
                        Router.Kind.READ_ANYWHERE,
                        () -> DataRequest.newBuilder().setGet(request),
                        router.deadlineNanos())
                .getGet());
    }

    /** Sets a key, whatever it held. Returns its new version. */
    public long put(byte[] key, byte[] value) {
        return put(key, value, PutCondition.ALWAYS, Duration.ZERO).getVersion();
    }

    /** Sets a key if it is absent. False when it is not. */
    public boolean putIfAbsent(byte[] key, byte[] value) {
        return put(key, value, PutCondition.IF_ABSENT, Duration.ZERO).getApplied();
    }

    /**
     * Sets a key under a condition, for a time.
     *
     * @param ttl how long the key is to live; zero for ever
     * @return whether the condition held, and the key's version after
     */
    public PutResponse put(byte[] key, byte[] value, PutCondition condition, Duration ttl) {
        PutRequest request = PutRequest.newBuilder()
                .setKey(checkedKey(key))
                .setValue(checkedValue(value))
                .setCondition(condition)
                .setTtlMillis(ttl.toMillis())
                .build();
        return write(key, DataRequest.newBuilder().setPut(request)).getPut();
    }

    /** Deletes a key. False when there was none. */
    public boolean delete(byte[] key) {
        return delete(key, 0);
    }

    /** Deletes a key if its version is this one (0: whatever it is). False when it is not. */
    public boolean delete(byte[] key, long ifVersion) {
        DeleteRequest request = DeleteRequest.newBuilder()
                .setKey(checkedKey(key))
                .setIfVersion(ifVersion)
                .build();
        return write(key, DataRequest.newBuilder().setDelete(request))
                .getDelete()
                .getDeleted();
    }

    /** Sets a key if its version is this one; 0 for a key that is absent. */
    public Swap compareAndSet(byte[] key, long expectedVersion, byte[] value) {
        CompareAndSetRequest request = CompareAndSetRequest.newBuilder()
                .setKey(checkedKey(key))
                .setExpectedVersion(expectedVersion)
                .setValue(checkedValue(value))
                .build();
        CompareAndSetResponse response =
                write(key, DataRequest.newBuilder().setCompareAndSet(request)).getCompareAndSet();
        return new Swap(response.getApplied(), value(response.getCurrent()));
    }

    /** Adds to a number, absent counting as 0. Returns the sum. */
    public long increment(byte[] key, long delta) {
        IncrementRequest request = IncrementRequest.newBuilder()
                .setKey(checkedKey(key))
                .setDelta(delta)
                .build();
        return write(key, DataRequest.newBuilder().setIncrement(request))
                .getIncrement()
                .getValue();
    }

    /** How many shards the cluster has. */
    public int shardCount() {
        return router.shardCount();
    }

    /**
     * One page of a shard, in key order.
     *
     * @param prefix of the keys wanted; empty for all
     * @param after the last key of the page before; empty for the first page
     * @param limit most entries, 1..1000; there may be fewer, also when there are more
     */
    public Page scan(int shard, byte[] prefix, byte[] after, int limit) {
        ScanRequest request = ScanRequest.newBuilder()
                .setShard(shard)
                .setPrefix(ByteString.copyFrom(prefix))
                .setAfter(ByteString.copyFrom(after))
                .setLimit(limit)
                .build();
        return page(read(shard, DataRequest.newBuilder().setScan(request)).getScan());
    }

    static Page page(ScanResponse response) {
        List<Entry> entries = response.getEntriesList().stream()
                .map(entry ->
                        new Entry(entry.getKey().toByteArray(), entry.getValue().toByteArray(), entry.getVersion()))
                .toList();
        return new Page(entries, response.getMore());
    }

    /** The shard as it is now, to be read page by page from its leader. The caller closes it. */
    public ShardSnapshot snapshot(int shard) {
        return snapshot(shard, OpenSnapshotRequest.newBuilder(), Router.Kind.READ);
    }

    /**
     * The same from any member of the group that owns the shard.
     *
     * @param maxStaleness what was written later than so long ago may be missing; zero for a state as it is now
     */
    public ShardSnapshot snapshotAnywhere(int shard, Duration maxStaleness) {
        return snapshot(
                shard,
                OpenSnapshotRequest.newBuilder().setAnyMember(true).setMaxStalenessMillis(maxStaleness.toMillis()),
                Router.Kind.READ_ANYWHERE);
    }

    private ShardSnapshot snapshot(int shard, OpenSnapshotRequest.Builder request, Router.Kind kind) {
        request.setShard(shard);
        Router.Answered answered = router.ask(
                shard, kind, () -> DataRequest.newBuilder().setOpenSnapshot(request), router.deadlineNanos());
        return new ShardSnapshot(
                router,
                answered.by(),
                shard,
                answered.response().getOpenSnapshot().getSnapshot());
    }

    /** The members of the group that owns a shard, its leader first, as far as known. */
    public List<Endpoint> membersOf(int shard) {
        return router.membersOf(shard);
    }

    /**
     * All keys with a prefix (empty for all), shard by shard, in key order within each. Pages are read as they are needed, each as it is at that moment:
     * a key that is there all the while is returned once, one that comes or goes meanwhile may be.
     */
    public Iterator<Entry> scan(byte[] prefix) {
        return new Scan(prefix);
    }

    private final class Scan implements Iterator<Entry> {
        private final byte[] prefix;
        private final Queue<Entry> page = new ArrayDeque<>();
        private int shard;
        private byte[] after = {};

        private Scan(byte[] prefix) {
            this.prefix = prefix;
        }

        @Override
        public boolean hasNext() {
            while (page.isEmpty() && shard < shardCount()) {
                Page next = scan(shard, prefix, after, SCAN_PAGE);
                page.addAll(next.entries());
                if (next.more()) {
                    after = next.entries().getLast().key();
                } else {
                    after = new byte[0];
                    shard++;
                }
            }
            return !page.isEmpty();
        }

        @Override
        public Entry next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.remove();
        }
    }

    private DataResponse write(byte[] key, DataRequest.Builder request) {
        int shard = shardOf(key);
        return sessions == null
                ? router.call(shard, Router.Kind.WRITE, () -> request, router.deadlineNanos())
                : sessions.write(shard, request);
    }

    private DataResponse read(int shard, DataRequest.Builder request) {
        return router.call(shard, Router.Kind.READ, () -> request, router.deadlineNanos());
    }

    private int shardOf(byte[] key) {
        return Slots.shardOf(key, router.shardCount());
    }

    private static ByteString checkedKey(byte[] key) {
        return checked(key, "key", KEY_BYTES_MAX);
    }

    private static ByteString checkedValue(byte[] value) {
        return checked(value, "value", VALUE_BYTES_MAX);
    }

    private static ByteString checked(byte[] bytes, String what, int max) {
        if (bytes.length > max) {
            Error error = Error.newBuilder()
                    .setCode(Error.Code.INVALID)
                    .setEffect(Effect.NOT_APPLIED)
                    .setMessage("a " + what + " of " + bytes.length + " bytes is too long: the limit is " + max)
                    .build();
            throw new QuorateException(error, null);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static Optional<Value> value(GetResponse response) {
        return response.getFound()
                ? Optional.of(new Value(
                        response.getValue().toByteArray(), response.getVersion(), response.getDeadlineMillis()))
                : Optional.empty();
    }

    @Override
    public void close() {
        router.close();
    }
}
