package dev.quorate.server.map;

import dev.quorate.api.GroupLeader;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.ReportLeader;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.WatchMap;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.server.transport.PeerCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the copy of the map new by long polls of the root group. A poll says what this node knows of leaders, and so spreads it both ways. It asks the
 * root's leader when that is known, since there all hints come together, and any other member when it does not answer. A member of the root group
 * applies every change of the map itself, and new leaders report to it: its polls only find what got lost on the way, and are rare.
 */
public final class MapWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MapWatcher.class);
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration POLL_BY_ROOT = Duration.ofSeconds(30);
    /** Beyond the time for which a poll waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final PeerCalls calls;
    private final GroupCalls groups;
    private final MapCopy copy;
    private final PeerAddress self;
    private final Duration poll;
    /** This member as its group's leader, or null when it is not. */
    private final Supplier<GroupLeader> ownLeadership;

    private final Thread thread;
    private int turn;

    public MapWatcher(
            String name,
            PeerCalls calls,
            GroupCalls groups,
            MapCopy copy,
            PeerAddress self,
            Supplier<GroupLeader> ownLeadership) {
        this.calls = calls;
        this.groups = groups;
        this.copy = copy;
        this.self = self;
        this.poll = self.groupId() == MapCopy.ROOT_GROUP ? POLL_BY_ROOT : POLL;
        this.ownLeadership = ownLeadership;
        this.thread = Thread.ofVirtual().name(name + "-map").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (!Thread.currentThread().isInterrupted()) {
            if (poll()) {
                pauseMillis = FIRST_PAUSE_MILLIS;
                continue;
            }
            turn++;
            try {
                Thread.sleep(pauseMillis);
            } catch (InterruptedException e) {
                return;
            }
            pauseMillis = Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    private boolean poll() {
        List<PeerAddress> addresses = groups.addresses(MapCopy.ROOT_GROUP).stream()
                .filter(address -> !address.equals(self))
                .toList();
        if (addresses.isEmpty()) {
            return false;
        }
        PeerAddress address = addresses.get(turn % addresses.size());
        try {
            var answer = calls.call(
                            address,
                            Request.newBuilder()
                                    .setWatchMap(WatchMap.newBuilder()
                                            .setKnownEpoch(copy.map().getEpoch())
                                            .addAllKnownLeaders(copy.leaders())
                                            .setWaitMillis((int) poll.toMillis())),
                            poll.plus(PATIENCE))
                    .getMap();
            PeerAddress leaderBefore = addresses.getFirst();
            copy.offerLeaders(answer.getLeadersList());
            copy.offer(answer.getMap());
            if (!groups.addresses(MapCopy.ROOT_GROUP).iterator().next().equals(leaderBefore)) {
                turn = 0;
            }
            return true;
        } catch (IOException | RequestException e) {
            LOG.debug("event=map_poll_failed peer={} reason=\"{}\"", address, e.getMessage());
            return false;
        }
    }

    /** Tells the root group at once; should that fail the next poll tells it, as it tells all that is known here. */
    public void reportNow() {
        GroupLeader own = ownLeadership.get();
        if (own == null) {
            return;
        }
        for (PeerAddress address : groups.addresses(MapCopy.ROOT_GROUP)) {
            if (!address.equals(self)) {
                try {
                    report(address, own);
                } catch (IOException | RequestException e) {
                    LOG.debug("event=report_failed peer={} reason=\"{}\"", address, e.getMessage());
                }
            }
        }
    }

    private void report(PeerAddress address, GroupLeader own) throws IOException {
        calls.call(
                address,
                Request.newBuilder().setReportLeader(ReportLeader.newBuilder().setLeader(own)),
                Duration.ofSeconds(2));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
