package dev.quorate.server.snapshot;

import dev.quorate.raft.RaftStatus;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.SendSnapshot;
import dev.quorate.server.proto.SnapshotErrand;
import dev.quorate.server.transport.Calls;
import dev.quorate.server.transport.MemberIds;
import dev.quorate.server.transport.PeerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a member gets a snapshot. A leader asks a follower that has all it takes to send its own, so that the leader's disk and network are
 * spared; when there is none, or it fails, the leader sends. A follower runs such errands. One delivery a member at a time.
 */
public final class SnapshotCourier {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotCourier.class);
    /** An errand is asked after again and again, so one that hangs is noticed soon. */
    private static final Duration ERRAND_CALL_TIMEOUT = Duration.ofSeconds(5);

    private static final long ERRAND_WAIT_MILLIS = 1_000;
    private static final long APPLIED_LOOK_MILLIS = 20;

    /** This member's group, as the courier needs it. */
    public interface Group {
        /** Of the others, as their leader knows. */
        Map<UUID, RaftStatus.Progress> progress();

        long appliedIndex();

        /** Null when unknown. */
        PeerAddress address(UUID member);

        /** A delivery that the core ordered has ended. */
        void snapshotSent(UUID member, boolean delivered);
    }

    private final UUID self;
    private final Calls calls;
    private final SnapshotSender sender;
    private final Group group;
    private final Set<UUID> sending = ConcurrentHashMap.newKeySet();
    /** By the member that it goes to. */
    private final Map<UUID, Errand> errands = new ConcurrentHashMap<>();

    private record Errand(Delivery delivery, CompletableFuture<Boolean> delivered) {}

    public SnapshotCourier(UUID self, Calls calls, SnapshotSender sender, Group group) {
        this.self = self;
        this.calls = calls;
        this.sender = sender;
        this.group = group;
    }

    /** As the leader: brings a member a snapshot at an index or later, on a thread of its own; the group is told how it ended. */
    public void send(UUID member, long raftTerm, long minIndex) {
        Delivery delivery = new Delivery(member, self, raftTerm, minIndex);
        if (sending.add(member)) {
            Thread.ofVirtual().name("snapshot-to-" + member).start(() -> {
                boolean delivered = false;
                try {
                    delivered = helped(delivery) || deliver(delivery);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    sending.remove(member);
                    group.snapshotSent(member, delivered);
                }
            });
        }
    }

    private boolean deliver(Delivery delivery) throws InterruptedException {
        PeerAddress address = group.address(delivery.to());
        return address != null && sender.deliver(address, delivery);
    }

    /** Whether a follower delivered in this leader's place. */
    private boolean helped(Delivery delivery) {
        return helper(delivery).filter(helper -> runBy(helper, delivery)).isPresent();
    }

    /** A follower that was heard of lately and whose log has all that the snapshot must have. */
    private Optional<PeerAddress> helper(Delivery delivery) {
        return group.progress().entrySet().stream()
                .filter(peer -> !peer.getKey().equals(delivery.to()))
                .filter(peer -> peer.getValue().recentlyActive()
                        && !peer.getValue().snapshotting()
                        && peer.getValue().matchIndex() >= delivery.minIndex())
                .max(Map.Entry.comparingByValue(Comparator.comparing(RaftStatus.Progress::matchIndex)))
                .map(peer -> group.address(peer.getKey()));
    }

    private boolean runBy(PeerAddress helper, Delivery delivery) {
        SendSnapshot errand = SendSnapshot.newBuilder()
                .setTo(MemberIds.encode(delivery.to()))
                .setLeader(MemberIds.encode(delivery.leader()))
                .setRaftTerm(delivery.raftTerm())
                .setMinIndex(delivery.minIndex())
                .build();
        LOG.info("event=snapshot_delegated peer={} helper={}", delivery.to(), helper);
        try {
            SnapshotErrand.State state = SnapshotErrand.State.UNDER_WAY;
            while (state == SnapshotErrand.State.UNDER_WAY) {
                state = calls.call(helper, Request.newBuilder().setSendSnapshot(errand), ERRAND_CALL_TIMEOUT)
                        .getSnapshotErrand()
                        .getState();
            }
            return state == SnapshotErrand.State.DELIVERED;
        } catch (IOException | RequestException e) {
            LOG.info("event=snapshot_helper_failed helper={} reason=\"{}\"", helper, e.getMessage());
            return false;
        }
    }

    /** As a follower: runs a leader's errand, or, asked again, says how it goes, after a moment's wait. */
    public SnapshotErrand run(SendSnapshot asked) throws InterruptedException {
        Delivery delivery = new Delivery(
                MemberIds.decode(asked.getTo()),
                MemberIds.decode(asked.getLeader()),
                asked.getRaftTerm(),
                asked.getMinIndex());
        Errand errand = errands.compute(
                delivery.to(),
                (_, current) -> current != null
                                && (current.delivery().equals(delivery)
                                        || !current.delivered().isDone())
                        ? current
                        : begin(delivery));
        if (!errand.delivery().equals(delivery)) {
            return state(SnapshotErrand.State.FAILED); // busy with another leader's
        }
        try {
            boolean delivered = errand.delivered().get(ERRAND_WAIT_MILLIS, TimeUnit.MILLISECONDS);
            errands.remove(delivery.to(), errand);
            return state(delivered ? SnapshotErrand.State.DELIVERED : SnapshotErrand.State.FAILED);
        } catch (TimeoutException e) {
            return state(SnapshotErrand.State.UNDER_WAY);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Errand begin(Delivery delivery) {
        var outcome = new CompletableFuture<Boolean>();
        Thread.ofVirtual().name("snapshot-errand-to-" + delivery.to()).start(() -> {
            boolean delivered = false;
            try {
                delivered = awaitApplied(delivery.minIndex()) && deliver(delivery);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                outcome.complete(delivered);
            }
        });
        return new Errand(delivery, outcome);
    }

    /** A follower learns of a commit a little later than its leader. */
    private boolean awaitApplied(long index) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ERRAND_WAIT_MILLIS);
        while (group.appliedIndex() < index) {
            if (System.nanoTime() - deadlineNanos > 0) {
                return false;
            }
            Thread.sleep(APPLIED_LOOK_MILLIS);
        }
        return true;
    }

    private static SnapshotErrand state(SnapshotErrand.State state) {
        return SnapshotErrand.newBuilder().setState(state).build();
    }
}
