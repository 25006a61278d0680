package dev.quorate.server.map;

import dev.quorate.api.GroupLeader;
import dev.quorate.api.Member;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.ReportLeader;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.WatchMap;
import dev.quorate.server.transport.Calls;
import dev.quorate.server.transport.PeerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the copy of the map new, and the hints of who leads: by a long poll at each member of the root group, all at the same time. Whoever of them hears
 * of something first tells it, so that none that is silent, cut off or gone is waited for. A poll says what this node knows of leaders, and so spreads it both
 * ways; a new leader tells the root group of itself at once. While no member of the root group answers, nodes tell each other: each asks any other
 * one, again and again.
 *
 * <p>A member of the root group applies every change of the map itself, and all others come to it: its own polls only find what got lost on the way, and
 * are rare.
 */
public final class MapWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MapWatcher.class);
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration POLL_BY_ROOT = Duration.ofSeconds(30);
    /** Beyond the time for which a poll waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How long the whole root group may be silent before others are asked, and how often they are. */
    private static final Duration SILENCE = POLL.plus(PATIENCE);

    private static final Duration ASKING_AROUND = Duration.ofSeconds(1);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final String name;
    private final Calls calls;
    private final GroupCalls groups;
    private final MapCopy copy;
    private final PeerAddress self;
    private final boolean byRoot;
    private final Thread thread;
    /** By the member that is asked. Confined to the thread. */
    private final Map<PeerAddress, Thread> polls = new HashMap<>();

    private volatile long heardNanos = System.nanoTime();

    public MapWatcher(String name, Calls calls, GroupCalls groups, MapCopy copy, PeerAddress self) {
        this.name = name;
        this.calls = calls;
        this.groups = groups;
        this.copy = copy;
        this.self = self;
        this.byRoot = self.groupId() == MapCopy.ROOT_GROUP;
        this.thread = Thread.ofVirtual().name(name + "-map").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                follow(rootMembers());
                if (!byRoot && System.nanoTime() - heardNanos > SILENCE.toNanos()) {
                    askAnyone();
                }
                copy.awaitNews(copy.map().getEpoch(), copy.leaders(), byRoot ? POLL_BY_ROOT : ASKING_AROUND);
            }
        } catch (InterruptedException e) {
            LOG.debug("event=map_watch_ended member={}", name);
        } finally {
            polls.values().forEach(Thread::interrupt);
        }
    }

    /** All but this one, as the map has them; before there is one, those whom the node starts from. */
    private List<PeerAddress> rootMembers() {
        List<Member> members = copy.members(MapCopy.ROOT_GROUP);
        Collection<PeerAddress> addresses = members.isEmpty()
                ? groups.addresses(MapCopy.ROOT_GROUP)
                : members.stream()
                        .map(member -> PeerAddress.of(MapCopy.ROOT_GROUP, member))
                        .toList();
        return addresses.stream().filter(address -> !address.equals(self)).toList();
    }

    private void follow(List<PeerAddress> members) {
        polls.entrySet().removeIf(poll -> {
            boolean gone = !members.contains(poll.getKey());
            if (gone) {
                poll.getValue().interrupt();
            }
            return gone;
        });
        for (PeerAddress member : members) {
            polls.computeIfAbsent(
                    member,
                    address -> Thread.ofVirtual().name(name + "-map-poll").start(() -> poll(address)));
        }
    }

    private void poll(PeerAddress address) {
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (!Thread.currentThread().isInterrupted()) {
            if (ask(address, byRoot ? POLL_BY_ROOT : POLL)) {
                heardNanos = System.nanoTime();
                pauseMillis = FIRST_PAUSE_MILLIS;
                continue;
            }
            try {
                Thread.sleep(pauseMillis);
            } catch (InterruptedException e) {
                return;
            }
            pauseMillis = Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    /** At random: so what one knows reaches all in a number of rounds that is logarithmic in theirs. */
    private void askAnyone() {
        List<PeerAddress> others = groups.everybody().stream()
                .filter(address -> !address.equals(self))
                .toList();
        if (!others.isEmpty()) {
            ask(others.get(ThreadLocalRandom.current().nextInt(others.size())), Duration.ZERO);
        }
    }

    /** Tells what is known here and learns what is known there, which is waited for. False when there was no answer. */
    private boolean ask(PeerAddress address, Duration wait) {
        WatchMap watch = WatchMap.newBuilder()
                .setKnownEpoch(copy.map().getEpoch())
                .addAllKnownLeaders(copy.leaders())
                .setWaitMillis((int) wait.toMillis())
                .build();
        try {
            var answer = calls.call(address, Request.newBuilder().setWatchMap(watch), wait.plus(PATIENCE))
                    .getMap();
            copy.offer(answer.getMap());
            copy.offerLeaders(answer.getLeadersList());
            return true;
        } catch (IOException | RequestException e) {
            LOG.debug("event=map_poll_failed peer={} reason=\"{}\"", address, e.getMessage());
            return false;
        }
    }

    /** Tells all of the root group at once of this member, its group's new leader; whom that does not reach, the next poll tells. Never blocks. */
    public void report(GroupLeader leader) {
        for (PeerAddress address : rootMembers()) {
            Thread.ofVirtual().name(name + "-report").start(() -> report(address, leader));
        }
    }

    private void report(PeerAddress address, GroupLeader leader) {
        try {
            calls.call(
                    address,
                    Request.newBuilder()
                            .setReportLeader(ReportLeader.newBuilder().setLeader(leader)),
                    PATIENCE);
        } catch (IOException | RequestException e) {
            LOG.debug("event=report_failed peer={} reason=\"{}\"", address, e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
