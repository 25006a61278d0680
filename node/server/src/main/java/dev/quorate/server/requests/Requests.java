package dev.quorate.server.requests;

import com.google.protobuf.ByteString;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.Member;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.SessionCall;
import dev.quorate.raft.RaftStatus;
import dev.quorate.server.data.KeyValueStore;
import dev.quorate.server.data.ReadFrom;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.disk.DiskSpace;
import dev.quorate.server.driver.Outcome;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.map.MapCopy;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Store;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Operation;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** The data of one member's group, for its ports. */
public final class Requests implements KeyValueStore, AutoCloseable {
    private static final int MAX_KEY_BYTES = 16 << 10;
    private static final int MAX_VALUE_BYTES = 1 << 20;
    private static final int MAX_COMMAND_BYTES = 4 << 20;
    private static final int MAX_PAGE = 1_000;
    private static final int OVERHEAD_BYTES = 128;

    private final int groupId;
    private final RaftDriver driver;
    private final Store store;
    private final MapCopy map;
    private final Function<UUID, Member> members;
    private final RequestMeters meters;
    private final ShardLoads loads = new ShardLoads();
    private final DiskSpace space;
    private final SteadyClock clock;
    private final Admission admission;
    private final ExecutorService retries;
    private final HeldRequests held;
    private final Deadlines deadlines;
    private final ShardSnapshots snapshots;

    /** @param members this group's members by id */
    public Requests(
            String name,
            int groupId,
            RaftDriver driver,
            Store store,
            MapCopy map,
            Function<UUID, Member> members,
            int maxRequests,
            long maxBytes,
            DiskSpace space,
            SteadyClock clock,
            RequestMeters meters) {
        this.groupId = groupId;
        this.driver = driver;
        this.store = store;
        this.map = map;
        this.members = members;
        this.meters = meters;
        this.space = space;
        this.clock = clock;
        this.admission = new Admission(maxRequests, maxBytes);
        this.retries = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name + "-held").daemon().factory());
        this.held = new HeldRequests(task -> {
            if (!isClosed()) {
                retries.execute(task);
            }
        });
        this.deadlines = new Deadlines(name + "-deadlines");
        this.snapshots = new ShardSnapshots(name, store);
    }

    boolean isClosed() {
        return retries.isShutdown();
    }

    RequestException stopping() {
        return RequestException.of(Error.Code.NOT_READY, Effect.NOT_APPLIED, "this node is stopping: ask another one");
    }

    /** Something changed that a held request may wait for. Never blocks. */
    public void wake() {
        held.wake();
    }

    /** Waits until everything is answered, at most so long. */
    public void awaitQuiet(Duration timeout) throws InterruptedException {
        admission.awaitEmpty(timeout);
    }

    /** What clients asked of each shard here. */
    public ShardLoads loads() {
        return loads;
    }

    public int heldCount() {
        return held.count();
    }

    @Override
    public int shardCount() {
        return map.map().getShardCount();
    }

    @Override
    public RouteResponse route() {
        RaftStatus status = driver.status();
        boolean leads = status.role() == RaftStatus.Role.LEADER;
        String self = status.memberId().toString();
        // As one that was cut off, and has not heard of its successor, this member does not send anybody to itself.
        List<GroupLeader> leaders = map.leaders().stream()
                .filter(hint -> leads || !hint.getMemberId().equals(self))
                .toList();
        return RouteResponse.newBuilder()
                .setMap(map.map())
                .addAllLeaders(leaders)
                .build();
    }

    @Override
    public void together(Runnable requests) {
        driver.together(requests);
    }

    @Override
    public CompletableFuture<List<Versioned>> read(int shard, List<byte[]> keys, ReadFrom from, long deadlineNanos) {
        long bytes = 0;
        for (byte[] key : keys) {
            if (key.length > MAX_KEY_BYTES) {
                return tooLarge("a key", key.length, MAX_KEY_BYTES);
            }
            bytes += key.length + OVERHEAD_BYTES;
        }
        return begin(
                "read",
                new ReadRequest<>(
                        this,
                        driver,
                        clock,
                        shard,
                        from,
                        view -> ShardReader.keys(view, shard, keys, clock.nowMillis())),
                bytes,
                deadlineNanos);
    }

    @Override
    public CompletableFuture<Page> scan(int shard, byte[] prefix, byte[] after, int limit, long deadlineNanos) {
        if (limit < 1 || limit > MAX_PAGE) {
            return noSuchPage();
        }
        return begin(
                "scan",
                new ReadRequest<>(
                        this,
                        driver,
                        clock,
                        shard,
                        ReadFrom.LEADER,
                        view -> ShardReader.page(view, shard, prefix, after, limit, clock.nowMillis())),
                OVERHEAD_BYTES,
                deadlineNanos);
    }

    private static CompletableFuture<Page> noSuchPage() {
        return CompletableFuture.failedFuture(RequestException.of(
                Error.Code.INVALID, Effect.NOT_APPLIED, "a page has 1 to " + MAX_PAGE + " entries"));
    }

    @Override
    public CompletableFuture<Long> openSnapshot(int shard, ReadFrom from, long deadlineNanos) {
        return begin(
                "open_snapshot",
                new ReadRequest<>(this, driver, clock, shard, from, _ -> snapshots.open(shard, clock.nowMillis())),
                OVERHEAD_BYTES,
                deadlineNanos);
    }

    @Override
    public CompletableFuture<Page> scanSnapshot(long snapshot, int shard, byte[] prefix, byte[] after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            return noSuchPage();
        }
        return isClosed()
                ? CompletableFuture.failedFuture(stopping())
                : snapshots.page(snapshot, shard, prefix, after, limit);
    }

    @Override
    public void closeSnapshot(long snapshot) {
        snapshots.close(snapshot);
    }

    @Override
    public CompletableFuture<List<OperationResult>> write(
            int shard, List<Operation> operations, SessionCall session, long deadlineNanos) {
        long bytes = 0;
        for (Operation operation : operations) {
            if (operation.getKey().size() > MAX_KEY_BYTES) {
                return tooLarge("a key", operation.getKey().size(), MAX_KEY_BYTES);
            }
            if (operation.getPut().getValue().size() > MAX_VALUE_BYTES) {
                return tooLarge("a value", operation.getPut().getValue().size(), MAX_VALUE_BYTES);
            }
            bytes += operation.getKey().size() + operation.getPut().getValue().size() + OVERHEAD_BYTES;
        }
        if (bytes > MAX_COMMAND_BYTES) {
            return tooLarge("a write of several keys", bytes, MAX_COMMAND_BYTES);
        }
        return begin("write", new WriteRequest(this, shard, operations, session, clock, space), bytes, deadlineNanos);
    }

    @Override
    public CompletableFuture<Long> openSession(int shard, ByteString clientId, long deadlineNanos) {
        return begin(
                "open_session", new OpenSessionRequest(this, shard, clientId, clock), OVERHEAD_BYTES, deadlineNanos);
    }

    private static <T> CompletableFuture<T> tooLarge(String what, long bytes, long maxBytes) {
        return CompletableFuture.failedFuture(RequestException.of(
                Error.Code.INVALID,
                Effect.NOT_APPLIED,
                what + " of " + bytes + " bytes: at most " + maxBytes + " are taken"));
    }

    private <T> CompletableFuture<T> begin(String operation, Request<T> request, long bytes, long deadlineNanos) {
        if (isClosed()) {
            return CompletableFuture.failedFuture(stopping());
        }
        if (!admission.enter(bytes)) {
            meters.finished(operation, Error.Code.BUSY.name(), 0);
            return CompletableFuture.failedFuture(RequestException.of(
                    Error.Code.BUSY,
                    Effect.NOT_APPLIED,
                    "too many requests are under way here: back off and try again"));
        }
        long nowNanos = System.nanoTime();
        request.admitted(operation, bytes, nowNanos);
        try {
            request.endsBy(deadlines.after(deadlineNanos - nowNanos, request::expire));
        } catch (IllegalStateException e) {
            admission.leave(bytes);
            return CompletableFuture.failedFuture(stopping()); // since it was looked at
        }
        request.attempt();
        return request.answer();
    }

    /** It is answered. */
    void ended(Request<?> request, RequestException failure) {
        admission.leave(request.bytes());
        if (request.isEverHeld()) {
            held.drop(request);
        }
        meters.finished(
                request.operation(),
                failure == null ? "OK" : failure.error().getCode().name(),
                System.nanoTime() - request.startNanos());
        if (failure == null) {
            loads.count(request.shard(), request.bytes());
        }
    }

    HeldRequests held() {
        return held;
    }

    /** @param anyMember whether a follower may serve what its leader may */
    Ownership.Verdict judge(int shard, boolean anyMember) {
        RaftStatus status = driver.status();
        Member leader = leader();
        boolean leads = anyMember || status.role() == RaftStatus.Role.LEADER;
        return Ownership.judge(shard, groupId, leads, leader, store.shard(shard).record(), map.map(), map::contact);
    }

    /** Who leads the group, or will in a moment: the heir holds what comes until then. Null when unknown. */
    Member leader() {
        RaftStatus status = driver.status();
        UUID id = status.leader() == null ? status.heir() : status.leader();
        return id == null ? null : members.apply(id);
    }

    /** Not now, but soon and for no reason that anybody will tell of. */
    void attemptSoon(Request<?> request) {
        try {
            deadlines.after(TimeUnit.MILLISECONDS.toNanos(Deadlines.TICK_MILLIS), request::attempt);
        } catch (IllegalStateException e) {
            request.fail(stopping());
        }
    }

    /** Sends a command through the log; {@code onApplied} gets its result, all other outcomes are the same for every request. */
    void propose(Request<?> request, Command command, Consumer<ApplyResult> onApplied) {
        long changes = held.changes();
        request.proposing();
        driver.propose(command.toByteArray(), outcome -> {
            switch (outcome) {
                case Outcome.Applied(ApplyResult result) -> onApplied.accept(result);
                case Outcome.NotLeader _, Outcome.Overwritten _ -> request.attempt();
                case Outcome.Busy(boolean handingOver) -> busy(request, handingOver, changes);
                case Outcome.Unknown() ->
                    request.fail(
                            Error.Code.DEADLINE,
                            Effect.UNKNOWN,
                            "this member lost track of the write: read to see whether it took effect");
            }
        });
    }

    /** A leader that hands over is busy only until the next one is there. */
    private void busy(Request<?> request, boolean handingOver, long changes) {
        if (handingOver) {
            if (!held.hold(request, changes)) {
                request.attempt();
            }
        } else {
            request.fail(
                    Error.Code.BUSY,
                    Effect.NOT_APPLIED,
                    "too many writes are not confirmed yet: back off and try again");
        }
    }

    /** What is not answered now never will be: its deadline comes early. */
    @Override
    public void close() {
        retries.shutdown();
        snapshots.close();
        deadlines.stop().forEach(Runnable::run);
    }
}
