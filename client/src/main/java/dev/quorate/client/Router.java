package dev.quorate.client;

import dev.quorate.api.DataRequest;
import dev.quorate.api.DataResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.api.RouteRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Takes calls to the member that answers for a shard. It starts from what some node told of the shard map, follows redirects, goes on to other members
 * when one is unreachable, and tries again until the deadline what did not take effect or may be repeated.
 */
final class Router implements AutoCloseable {
    private static final long PAUSE_MILLIS_MIN = 10;
    private static final long PAUSE_MILLIS_MAX = 400;
    /** What may be sent again is not worth waiting longer for, even if there is no other node to ask. */
    private static final long NODE_TRY_MILLIS = 2_000;

    /** More than a group ever has: for choosing one at random. */
    private static final int MEMBERS_MAX = 1 << 16;

    private static final long ROUTE_TRY_MILLIS = 1_000;

    private final List<Endpoint> seeds;
    private final Duration timeout;
    private final ClientThread thread = new ClientThread();
    private final Map<Endpoint, NodeConnection> connections = new ConcurrentHashMap<>();
    private final Map<Integer, Endpoint> redirects = new ConcurrentHashMap<>();
    private volatile RouteTable table = RouteTable.EMPTY;
    /** Counts the times that nodes were asked for the map. */
    private volatile int refreshes;
    /** Why the last one brought nothing, or null. */
    private QuorateException refreshFailure;

    private volatile boolean closed;

    Router(List<Endpoint> seeds, Duration timeout) {
        this.seeds = List.copyOf(seeds);
        this.timeout = timeout;
    }

    /** How many shards there are; asks for the map when it is not known yet. */
    int shardCount() {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        QuorateException reason = null;
        for (int attempt = 0; table.shardCount() == 0; attempt++) {
            QuorateException failure = refresh(Optional.empty());
            if (failure != null) {
                // That no answer came in time says less than what came before.
                reason = reason == null || failure.code() != Error.Code.DEADLINE ? failure : reason;
                pauseOrThrow(attempt, deadlineNanos, reason);
            }
        }
        return table.shardCount();
    }

    /** What a call is on. */
    enum Kind {
        READ,
        /** Any member of the owner may answer. */
        READ_ANYWHERE,
        /** Takes effect each time it arrives. */
        WRITE,
        /** Takes effect once, however often it arrives: it is of a session. */
        WRITE_ONCE
    }

    /** When a call that begins now gives up. */
    long deadlineNanos() {
        return System.nanoTime() + timeout.toNanos();
    }

    /**
     * @param request made anew for every attempt
     * @throws QuorateException with effect UNKNOWN when an attempt may have taken effect and none told
     */
    DataResponse call(int shard, Kind kind, Supplier<DataRequest.Builder> request, long deadlineNanos) {
        return ask(shard, kind, request, deadlineNanos).response();
    }

    /** An answer, and who gave it. */
    record Answered(Endpoint by, DataResponse response) {}

    /** As {@link #call}. */
    Answered ask(int shard, Kind kind, Supplier<DataRequest.Builder> request, long deadlineNanos) {
        boolean anywhere = kind == Kind.READ_ANYWHERE;
        Candidates candidates =
                new Candidates(anywhere ? ThreadLocalRandom.current().nextInt(MEMBERS_MAX) : 0);
        boolean uncertain = false;
        for (int attempt = 0; ; attempt++) {
            Endpoint redirect = anywhere ? null : redirects.get(shard);
            Endpoint target = redirect == null ? candidates.next(membersOrSeeds(shard)) : redirect;
            try {
                long tryMillis = tryMillis(kind, candidates.tryMillis(), deadlineNanos);
                return new Answered(target, connection(target).call(request.get(), tryMillis));
            } catch (QuorateException failure) {
                if (!mayRepeat(failure, kind)) {
                    throw settled(failure, kind, uncertain);
                }
                uncertain |= failure.effect() == Effect.UNKNOWN;
                if (redirected(shard, target, candidates, failure.error())) {
                    anywhere = false;
                    if (attempt == 0) {
                        continue;
                    }
                } else {
                    candidates.miss(target);
                    redirects.remove(shard, target);
                    connection(target).forgetBackoff();
                    boolean silent = failure.code() == Error.Code.DEADLINE;
                    refresh(silent ? Optional.of(target) : Optional.empty());
                }
                pauseOrThrow(attempt, deadlineNanos, settled(failure, kind, uncertain));
            }
        }
    }

    /** Asks this node and no other; again until the deadline, which is harmless. */
    DataResponse callNode(Endpoint node, Supplier<DataRequest.Builder> request, long deadlineNanos) {
        for (int attempt = 0; ; attempt++) {
            try {
                return connection(node).call(request.get(), tryMillis(Kind.READ, NODE_TRY_MILLIS, deadlineNanos));
            } catch (QuorateException failure) {
                if (!mayRepeat(failure, Kind.READ)) {
                    throw failure;
                }
                connection(node).forgetBackoff();
                pauseOrThrow(attempt, deadlineNanos, failure);
            }
        }
    }

    /** The members of the shard's owner, its leader first, as far as known. */
    List<Endpoint> membersOf(int shard) {
        shardCount();
        return table.membersOf(shard);
    }

    /**
     * What a write comes to that ends with this failure. Only the session's own word on it, INVALID, is better than that of an earlier attempt. That the
     * session has expired leaves nothing open when this was the first attempt.
     */
    private static QuorateException settled(QuorateException failure, Kind kind, boolean uncertain) {
        if (kind != Kind.WRITE_ONCE || failure.code() == Error.Code.INVALID) {
            return failure;
        }
        boolean expired = failure.code() == Error.Code.SESSION_EXPIRED;
        Effect effect = uncertain ? Effect.UNKNOWN : expired ? Effect.NOT_APPLIED : failure.effect();
        return new QuorateException(
                failure.error().toBuilder().setEffect(effect).build(), failure.getCause());
    }

    private static boolean mayRepeat(QuorateException failure, Kind kind) {
        boolean harmless = kind != Kind.WRITE || failure.effect() == Effect.NOT_APPLIED;
        return switch (failure.code()) {
            case NOT_LEADER, WRONG_GROUP, BUSY, DEADLINE, NOT_READY, UNREACHABLE -> harmless;
            case SESSION_EXPIRED, INVALID, UNAUTHENTICATED, DISK_FULL, REMOVED, NOT_CAUGHT_UP, INTERNAL, UNRECOGNIZED ->
                false;
        };
    }

    private List<Endpoint> membersOrSeeds(int shard) {
        List<Endpoint> members = table.membersOf(shard);
        return members.isEmpty() ? seeds : members;
    }

    /** Remembers whom the error names instead. False when it names nobody else, or one that the call has asked in vain. */
    private boolean redirected(int shard, Endpoint asked, Candidates candidates, Error error) {
        Member leader = error.getLeader();
        if (leader.getHost().isEmpty() || leader.getGrpcPort() == 0) {
            return false;
        }
        Endpoint named = new Endpoint(leader.getHost(), leader.getGrpcPort());
        if (named.equals(asked) || candidates.missed(named)) {
            return false;
        }
        redirects.put(shard, named);
        return true;
    }

    /**
     * Learns the map anew. Who comes while another thread asks waits for what that one learns: nodes that do not answer would otherwise cost every
     * thread its time, one thread after the other.
     *
     * @param silent a node that has just not answered, if there is one: it is asked last
     * @return why nothing was learnt, or null
     */
    private QuorateException refresh(Optional<Endpoint> silent) {
        int before = refreshes;
        synchronized (this) {
            if (refreshes == before) {
                refreshFailure = askForMap(silent);
                refreshes = before + 1;
            }
            return refreshFailure;
        }
    }

    /**
     * Asks nodes for the map, one after the other, until one knows it as well as this does: first those that are connected, since one that is gone costs
     * a second. Returns why none does, or null.
     */
    private QuorateException askForMap(Optional<Endpoint> silent) {
        QuorateException failure = notReady();
        for (Endpoint node : nodesToAsk(silent)) {
            try {
                RouteTable told = new RouteTable(
                        connection(node).stub(ROUTE_TRY_MILLIS).route(RouteRequest.getDefaultInstance()));
                if (told.shardCount() > 0 && told.epoch() >= table.epoch()) {
                    adopt(told);
                    return null;
                }
            } catch (StatusRuntimeException e) {
                // Whatever became of this question, the call itself was not sent.
                Error error = ErrorTrailer.toException(e).error();
                failure = new QuorateException(
                        error.toBuilder().setEffect(Effect.NOT_APPLIED).build(), e);
                connection(node).forgetBackoff();
            }
        }
        return failure;
    }

    /** The silent one last. */
    private List<Endpoint> nodesToAsk(Optional<Endpoint> silent) {
        Set<Endpoint> nodes = new HashSet<>(table.allMembers());
        nodes.addAll(seeds);
        silent.ifPresent(nodes::remove);
        List<Endpoint> inAnyOrder = new ArrayList<>(nodes);
        Collections.shuffle(inAnyOrder, ThreadLocalRandom.current());
        Map<Boolean, List<Endpoint>> byConnected =
                inAnyOrder.stream().collect(Collectors.partitioningBy(this::isConnected));
        List<Endpoint> ordered = new ArrayList<>(byConnected.get(true));
        ordered.addAll(byConnected.get(false));
        silent.ifPresent(ordered::add);
        return ordered;
    }

    private boolean isConnected(Endpoint node) {
        NodeConnection connection = connections.get(node);
        return connection != null && connection.isReady();
    }

    private void adopt(RouteTable told) {
        if (told.epoch() > table.epoch()) {
            redirects.clear();
        }
        table = told;
        Set<Endpoint> wanted = told.allMembers();
        wanted.addAll(seeds);
        wanted.addAll(redirects.values());
        connections.forEach((endpoint, connection) -> {
            if (!wanted.contains(endpoint) && connections.remove(endpoint, connection)) {
                connection.retire();
            }
        });
    }

    private NodeConnection connection(Endpoint endpoint) {
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        return connections.computeIfAbsent(endpoint, e -> new NodeConnection(e, thread));
    }

    private static long tryMillis(Kind kind, long mostMillis, long deadlineNanos) {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        return Math.max(1, kind == Kind.WRITE ? leftMillis : Math.min(leftMillis, mostMillis));
    }

    private static void pauseOrThrow(int attempt, long deadlineNanos, QuorateException failure) {
        long pauseMillis = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS_MIN << Math.min(attempt, 10));
        long jitteredMillis = ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis + 1);
        if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(jitteredMillis) - deadlineNanos >= 0) {
            throw failure;
        }
        try {
            Thread.sleep(jitteredMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    private static QuorateException notReady() {
        Error error = Error.newBuilder()
                .setCode(Error.Code.NOT_READY)
                .setEffect(Effect.NOT_APPLIED)
                .setMessage("no node knows a shard map yet")
                .build();
        return new QuorateException(error, null);
    }

    @Override
    public void close() {
        closed = true;
        connections.values().forEach(NodeConnection::close);
        thread.close();
    }
}
