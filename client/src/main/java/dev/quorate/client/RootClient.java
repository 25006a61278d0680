package dev.quorate.client;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.GetMapResponse;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Member;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reads and changes the shard map through the leader of the root group, which it finds: it asks the candidates in turn, follows the leader
 * that they name, and goes on until the deadline. What may have taken effect is never tried again: the caller reads the map and decides.
 * Safe for many threads, which take turns.
 */
public final class RootClient implements AutoCloseable {
    private static final long PAUSE_MILLIS = 100;
    private static final Duration TRY_TIMEOUT = Duration.ofSeconds(2);

    private final List<Endpoint> candidates;
    private final String token;
    private final Duration timeout;
    private final Map<Endpoint, AdminClient> clients = new HashMap<>();
    private Endpoint target;

    /**
     * @param candidates admin addresses of nodes; members of the root group are best, others may know its leader
     * @param token the cluster's
     * @param timeout of each call, in which it may ask several nodes
     */
    public RootClient(List<Endpoint> candidates, String token, Duration timeout) {
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("no admin address given to find the root group's leader by");
        }
        this.candidates = List.copyOf(candidates);
        this.token = token;
        this.timeout = timeout;
        this.target = candidates.getFirst();
    }

    /** The shard map, linearizably; epoch 0 when it is not created yet. */
    public GetMapResponse map() {
        return atLeader((admin, timeoutMillis) -> admin.map(true, timeoutMillis), true);
    }

    /** Changes the map. A refusal is a result; an exception of effect UNKNOWN means that the change may have been made. */
    public MapChangeResult change(MapChange change) {
        return atLeader((admin, timeoutMillis) -> admin.change(change, timeoutMillis), false);
    }

    private interface Call<T> {
        T to(AdminClient admin, long timeoutMillis);
    }

    private synchronized <T> T atLeader(Call<T> call, boolean repeatable) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        for (int attempt = 1; ; attempt++) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            try {
                return call.to(client(target), Math.clamp(leftMillis, 1, TRY_TIMEOUT.toMillis()));
            } catch (QuorateException e) {
                if (!worthAnotherTry(e, repeatable) || System.nanoTime() - deadlineNanos >= 0) {
                    throw e;
                }
                boolean redirected = redirect(e.error());
                if (!redirected || attempt % candidates.size() == 0) {
                    pause(e);
                }
            }
        }
    }

    private static boolean worthAnotherTry(QuorateException e, boolean repeatable) {
        return switch (e.code()) {
            case UNAUTHENTICATED, INVALID -> false;
            default -> repeatable || e.effect() == Effect.NOT_APPLIED;
        };
    }

    /** Aims at the leader that the error names, else at the next candidate. True in the first case. */
    private boolean redirect(Error error) {
        Member leader = error.getLeader();
        if (error.hasLeader() && leader.getAdminPort() > 0) {
            Endpoint named = new Endpoint(leader.getHost(), leader.getAdminPort());
            if (!named.equals(target)) {
                target = named;
                return true;
            }
        }
        target = candidates.get((candidates.indexOf(target) + 1) % candidates.size());
        return false;
    }

    private AdminClient client(Endpoint endpoint) {
        return clients.computeIfAbsent(endpoint, e -> new AdminClient(e, token, TRY_TIMEOUT));
    }

    private static void pause(QuorateException reason) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }

    @Override
    public synchronized void close() {
        clients.values().forEach(AdminClient::close);
        clients.clear();
    }
}
