package dev.quorate.server.data;

import com.google.protobuf.ByteString;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.GroupState;
import dev.quorate.api.Member;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.SessionCall;
import dev.quorate.api.ShardMap;
import dev.quorate.client.Slots;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A store in memory, for tests of the ports. Many of them may share their data, as members of one cluster do. Requests take effect when the
 * executor runs them, which for writes must be in the order of the calls.
 */
public final class FakeStore implements KeyValueStore {
    /** What all members see. */
    public static final class Data {
        private final SortedMap<byte[], Versioned> values = new TreeMap<>(Arrays::compareUnsigned);
        private final Map<List<Object>, List<OperationResult>> results = new HashMap<>();
        private long versions;
        private long sessions = 1;
    }

    private final Data data;
    private final Executor reads;
    private final Executor writes;
    private volatile RouteResponse route = RouteResponse.getDefaultInstance();
    private volatile RequestException failure;
    private volatile String self;
    /** By number, from 1; null once closed. */
    private final List<FakeStore> snapshots = new CopyOnWriteArrayList<>();

    public FakeStore() {
        this(new Data(), Runnable::run, Runnable::run);
    }

    public FakeStore(Data data, Executor reads, Executor writes) {
        this.data = data;
        this.reads = reads;
        this.writes = writes;
    }

    /** Makes every request fail, or none (null). */
    public void failWith(RequestException failure) {
        this.failure = failure;
    }

    /** Tells where the shards are, and who of the members this store is of: it redirects what it does not lead. */
    public void become(String self, RouteResponse route) {
        this.self = self;
        this.route = route;
    }

    /** A map in which groups of some members each own an equal run of shards, led by their first members. */
    public static RouteResponse route(int shardCount, List<List<Member>> groups) {
        ShardMap.Builder map =
                ShardMap.newBuilder().setClusterId("test").setEpoch(7).setShardCount(shardCount);
        RouteResponse.Builder route = RouteResponse.newBuilder();
        for (int i = 0; i < groups.size(); i++) {
            map.addGroups(
                    Group.newBuilder().setId(i + 1).setState(GroupState.ACTIVE).addAllMembers(groups.get(i)));
            route.addLeaders(GroupLeader.newBuilder()
                    .setGroupId(i + 1)
                    .setMemberId(groups.get(i).getFirst().getId())
                    .setTerm(1));
        }
        for (int shard = 0; shard < shardCount; shard++) {
            map.addOwner(1 + shard * groups.size() / shardCount);
        }
        return route.setMap(map).build();
    }

    /** Makes these the stores of two groups, of the first two members and the last two; one of each leads. */
    public static void lead(List<FakeStore> stores, List<Member> members, int shardCount, int first, int second) {
        RouteResponse route = route(
                shardCount,
                List.of(
                        List.of(members.get(first), members.get(1 - first)),
                        List.of(members.get(second), members.get(5 - second))));
        for (int i = 0; i < stores.size(); i++) {
            stores.get(i).become(members.get(i).getId(), route);
        }
    }

    public static Member member(String id, int redisPort, int grpcPort) {
        return Member.newBuilder()
                .setId(id)
                .setName(id)
                .setHost("127.0.0.1")
                .setRedisPort(redisPort)
                .setGrpcPort(grpcPort)
                .setPeerPort(1)
                .setAdminPort(1)
                .build();
    }

    @Override
    public int shardCount() {
        return route.getMap().getShardCount();
    }

    @Override
    public CompletableFuture<List<Versioned>> read(int shard, List<byte[]> keys, ReadFrom from, long deadlineNanos) {
        return run(
                reads,
                shard,
                keys,
                from.anyMember(),
                () -> keys.stream().map(this::live).toList());
    }

    @Override
    public CompletableFuture<List<OperationResult>> write(
            int shard, List<Operation> operations, SessionCall session, long deadlineNanos) {
        List<byte[]> keys = operations.stream()
                .map(operation -> operation.getKey().toByteArray())
                .toList();
        return run(
                writes,
                shard,
                keys,
                false,
                () -> session == null ? allOrNone(operations) : once(shard, session, operations));
    }

    /** Keeps every result for ever. */
    private List<OperationResult> once(int shard, SessionCall session, List<Operation> operations) {
        if (session.getIncarnation() != data.sessions) {
            throw RequestException.of(Error.Code.SESSION_EXPIRED, Effect.UNKNOWN, "no such session");
        }
        List<Object> write = List.of(shard, session.getClientId(), session.getIncarnation(), session.getSequence());
        List<OperationResult> known = data.results.get(write);
        if (known == null) {
            known = allOrNone(operations);
            data.results.put(write, known);
        }
        return known;
    }

    /** As when the node evicts them. */
    public void expireSessions() {
        synchronized (data) {
            data.sessions++;
        }
    }

    @Override
    public CompletableFuture<Long> openSession(int shard, ByteString clientId, long deadlineNanos) {
        return run(writes, shard, List.of(), false, () -> data.sessions);
    }

    private List<OperationResult> allOrNone(List<Operation> operations) {
        SortedMap<byte[], Versioned> before = new TreeMap<>(data.values);
        try {
            return operations.stream().map(this::apply).toList();
        } catch (RequestException e) {
            data.values.clear();
            data.values.putAll(before);
            throw e;
        }
    }

    @Override
    public CompletableFuture<Page> scan(int shard, byte[] prefix, byte[] after, int limit, long deadlineNanos) {
        return run(reads, shard, List.of(), false, () -> page(shard, prefix, after, limit));
    }

    private Page page(int shard, byte[] prefix, byte[] after, int limit) {
        List<Item> items = new ArrayList<>();
        for (byte[] key : data.values.keySet()) {
            boolean wanted = Slots.shardOf(key, shardCount()) == shard
                    && (prefix == null
                            || Arrays.mismatch(key, prefix) == -1
                            || Arrays.mismatch(key, prefix) == prefix.length)
                    && (after == null || Arrays.compareUnsigned(key, after) > 0);
            if (wanted && live(key) != null) {
                items.add(new Item(key, live(key)));
            }
        }
        return new Page(items.subList(0, Math.min(limit, items.size())), items.size() > limit);
    }

    @Override
    public CompletableFuture<Long> openSnapshot(int shard, ReadFrom from, long deadlineNanos) {
        return run(reads, shard, List.of(), from.anyMember(), () -> {
            FakeStore copy = new FakeStore();
            copy.data.values.putAll(data.values);
            copy.become(self, route);
            snapshots.add(copy);
            return (long) snapshots.size();
        });
    }

    @Override
    public CompletableFuture<Page> scanSnapshot(long snapshot, int shard, byte[] prefix, byte[] after, int limit) {
        FakeStore copy = snapshot > snapshots.size() ? null : snapshots.get((int) snapshot - 1);
        return copy == null
                ? CompletableFuture.failedFuture(
                        RequestException.of(Error.Code.INVALID, Effect.NOT_APPLIED, "no such snapshot"))
                : CompletableFuture.completedFuture(copy.page(shard, prefix, after, limit));
    }

    @Override
    public void closeSnapshot(long snapshot) {
        snapshots.set((int) snapshot - 1, null);
    }

    @Override
    public RouteResponse route() {
        return route;
    }

    private <T> CompletableFuture<T> run(
            Executor executor, int shard, List<byte[]> keys, boolean anyMember, Supplier<T> body) {
        return CompletableFuture.supplyAsync(
                () -> {
                    if (failure != null) {
                        throw failure;
                    }
                    if (keys.stream().anyMatch(key -> Slots.shardOf(key, shardCount()) != shard)) {
                        throw new IllegalStateException("a key of another shard was sent to shard " + shard);
                    }
                    redirect(shard, anyMember);
                    synchronized (data) {
                        return body.get();
                    }
                },
                executor);
    }

    private void redirect(int shard, boolean anyMember) {
        int owner = route.getMap().getOwner(shard);
        Group group = route.getMap().getGroups(owner - 1);
        Member leader = group.getMembers(0);
        if (group.getMembersList().stream().noneMatch(member -> member.getId().equals(self))) {
            throw RequestException.wrongGroup(shard, owner, route.getMap().getEpoch(), leader);
        }
        if (!anyMember && !leader.getId().equals(self)) {
            throw RequestException.notLeader(leader);
        }
    }

    private Versioned live(byte[] key) {
        Versioned found = data.values.get(key);
        boolean expired =
                found != null && found.deadlineMillis() > 0 && found.deadlineMillis() <= System.currentTimeMillis();
        return expired ? null : found;
    }

    private OperationResult apply(Operation operation) {
        byte[] key = operation.getKey().toByteArray();
        Versioned before = live(key);
        return switch (operation.getOperationCase()) {
            case PUT -> put(key, before, operation.getPut());
            case DELETE -> {
                long wanted = operation.getDelete().getIfVersion();
                boolean applied = before != null && (wanted == 0 || wanted == before.version());
                if (applied) {
                    data.values.remove(key);
                }
                yield new OperationResult(applied, applied ? null : before, before, 0);
            }
            case INCREMENT -> {
                long number = sum(before, operation.getIncrement().getDelta());
                byte[] value = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
                Versioned after = new Versioned(value, ++data.versions, before == null ? 0 : before.deadlineMillis());
                data.values.put(key, after);
                yield new OperationResult(true, after, null, number);
            }
            case OPERATION_NOT_SET -> throw new IllegalArgumentException("no operation");
        };
    }

    private OperationResult put(byte[] key, Versioned before, Put put) {
        boolean applied = switch (put.getCondition()) {
            case ALWAYS -> true;
            case IF_ABSENT -> before == null;
            case IF_PRESENT -> before != null;
            case IF_VERSION -> put.getExpectedVersion() == (before == null ? 0 : before.version());
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown condition");
        };
        if (!applied) {
            return new OperationResult(false, before, before, 0);
        }
        long deadlineMillis = put.getKeepDeadline() && before != null ? before.deadlineMillis() : deadline(put);
        Versioned after = new Versioned(put.getValue().toByteArray(), ++data.versions, deadlineMillis);
        data.values.put(key, after);
        return new OperationResult(true, after, put.getReturnPrevious() ? before : null, 0);
    }

    private static long deadline(Put put) {
        return put.getTtlMillis() > 0 ? System.currentTimeMillis() + put.getTtlMillis() : put.getDeadlineMillis();
    }

    private static long sum(Versioned before, long delta) {
        try {
            long number = before == null ? 0 : Long.parseLong(new String(before.value()));
            return Math.addExact(number, delta);
        } catch (NumberFormatException e) {
            throw RequestException.of(
                    Error.Code.INVALID, Effect.NOT_APPLIED, "value is not an integer or out of range");
        } catch (ArithmeticException e) {
            throw RequestException.of(Error.Code.INVALID, Effect.NOT_APPLIED, "increment or decrement would overflow");
        }
    }
}
