package dev.quorate.server;

import dev.quorate.api.CompareReplicasResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.CompareReplicas;
import dev.quorate.server.proto.ReadDigest;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.ShardDigest;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.server.transport.PeerCalls;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.ScrubResult;
import dev.quorate.store.ShardView;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Scrub;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the replicas of this group, shard after shard, while this member leads: a {@code Scrub} command makes all take a digest at the same index. One
 * that differs from all others is wrong, and is quarantined: the group removes it. So it has no vote any more, can't lead and serves nothing; its node keeps
 * the bad data aside, makes a new member of itself, and is rebuilt from the others once it is added again. Where that is not so plain the difference is only
 * reported.
 */
final class Scrubber {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    /** After a shard that took long the pause is so many times that, so that comparing takes little of what the members have. */
    private static final int PAUSE_FOLD = 3;

    /** For the digests of the largest shards, which are read at a bounded rate. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final long LOOK_AGAIN_MILLIS = 20;

    private final String name;
    private final Replica replica;
    private final Store store;
    private final PeerCalls calls;
    private final Map<Integer, String> differences = new ConcurrentSkipListMap<>();
    private final Semaphore closing = new Semaphore(0);
    private final Thread thread;

    Scrubber(String name, Replica replica, Store store, PeerCalls calls) {
        this.name = name;
        this.replica = replica;
        this.store = store;
        this.calls = calls;
        this.thread = Thread.ofVirtual().name(name + "-scrub").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** What replicas were found to differ in, in words, as of each shard's last comparison here. */
    List<String> differences() {
        return List.copyOf(differences.values());
    }

    private void run() {
        int last = -1;
        long pauseNanos = PAUSE.toNanos();
        try {
            while (!closing.tryAcquire(pauseNanos, TimeUnit.NANOSECONDS)) {
                long startNanos = System.nanoTime();
                Optional<Integer> next = replica.leads() ? nextShard(last) : Optional.empty();
                if (next.isPresent()) {
                    last = next.get();
                    attempt(last);
                } else if (!replica.leads()) {
                    differences.clear();
                }
                pauseNanos = Math.max(PAUSE.toNanos(), PAUSE_FOLD * (System.nanoTime() - startNanos));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Integer> nextShard(int last) {
        if (replica.status().membership().members().size() < 2) {
            return Optional.empty();
        }
        return replica.shards().stream()
                .filter(ShardView::owned)
                .map(ShardView::shard)
                .min(Comparator.comparing((Integer shard) -> shard <= last).thenComparing(shard -> shard));
    }

    private void attempt(int shard) {
        try {
            compare(shard, PATIENCE);
        } catch (RequestException | StoreException e) {
            LOG.debug("event=scrub_left member={} shard={} reason=\"{}\"", name, shard, e.getMessage());
        }
    }

    /**
     * Compares the replicas of one shard now, on the leader, and acts on what comes out. A group's only replica is equal to itself, unless it is damaged.
     *
     * @throws RequestException as not the leader, busy, or when too few answered in time to say anything
     */
    CompareReplicasResponse compare(int shard, Duration timeout) {
        ApplyResult applied = replica.commands()
                .execute(
                        Command.newBuilder()
                                .setScrub(Scrub.newBuilder().setShard(shard))
                                .build(),
                        timeout);
        if (!(applied instanceof ApplyResult.Scrubbing(int scrubbed, long index))) {
            throw new IllegalStateException("a scrub came out as " + applied);
        }
        Map<UUID, ScrubResult> results = gather(scrubbed, index, timeout);
        if (results.size() < Math.min(2, replica.status().membership().members().size())) {
            throw RequestException.of(
                    Error.Code.DEADLINE, Effect.NOT_APPLIED, "fewer than two replicas gave their digest in time");
        }
        Comparison comparison =
                new Comparison(shard, index, replica.status().membership().voters(), Map.copyOf(results));
        String words = comparison.words(id -> replica.members().name(id));
        act(comparison, words);
        return CompareReplicasResponse.newBuilder()
                .setEqual(comparison.verdict() instanceof Comparison.Verdict.Equal)
                .setAnswers(results.size())
                .setWords(words)
                .build();
    }

    private Map<UUID, ScrubResult> gather(int shard, long index, Duration timeout) {
        Map<UUID, ScrubResult> results = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (UUID member : replica.status().membership().members()) {
                threads.execute(
                        () -> digestOf(member, shard, index, timeout).ifPresent(result -> results.put(member, result)));
            }
        }
        return results;
    }

    private Optional<ScrubResult> digestOf(UUID id, int shard, long index, Duration timeout) {
        if (id.equals(replica.memberId())) {
            return await(index, timeout);
        }
        Member member = replica.members().find(id);
        if (member == null) {
            return Optional.empty();
        }
        try {
            ShardDigest answer = calls.call(
                            PeerAddress.of(replica.groupId(), member),
                            Request.newBuilder()
                                    .setReadDigest(ReadDigest.newBuilder()
                                            .setMemberId(id.toString())
                                            .setIndex(index)),
                            timeout)
                    .getDigest();
            String damage = answer.getDamage().isEmpty() ? null : answer.getDamage();
            return Optional.of(new ScrubResult(index, shard, answer.getDigest(), 0, damage));
        } catch (IOException | RequestException e) {
            LOG.debug("event=no_digest member={} of={} reason=\"{}\"", name, member.getName(), e.getMessage());
            return Optional.empty();
        }
    }

    /** This replica's own digest at that index, as soon as it has it. */
    Optional<ScrubResult> await(long index, Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<ScrubResult> result = store.scrub(index);
            if (result.isPresent() || System.nanoTime() - deadlineNanos >= 0) {
                return result;
            }
            try {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    private void act(Comparison comparison, String words) {
        Comparison.Verdict verdict = comparison.verdict();
        if (verdict instanceof Comparison.Verdict.Equal) {
            differences.remove(comparison.shard());
            return;
        }
        differences.put(comparison.shard(), words);
        switch (verdict) {
            case Comparison.Verdict.Odd(UUID member) -> {
                LOG.error(
                        "event=replica_differs member={} group={} what=\"{}\" action=\"it is removed; its node keeps the data"
                                + " aside and makes a new member, to be rebuilt from the others\"",
                        replica.members().name(member),
                        replica.groupId(),
                        words);
                quarantine(member, comparison.shard());
            }
            case Comparison.Verdict.Suspects _, Comparison.Verdict.Undecided _ ->
                LOG.error(
                        "event=replicas_differ group={} what=\"{}\" action=\"find out which is right; remove the member that is"
                                + " wrong, and add the new one that its node makes\"",
                        replica.groupId(),
                        words);
            case Comparison.Verdict.Equal _ -> {}
        }
    }

    /** A leader that is wrong itself lets another lead, and that one compare: it will find the same. */
    private void quarantine(UUID member, int shard) {
        try {
            if (!member.equals(replica.memberId())) {
                replica.removeMember(member, PATIENCE);
                differences.remove(shard);
                return;
            }
            Member leader = Handover.toMember(replica, "", PATIENCE);
            calls.call(
                    PeerAddress.of(replica.groupId(), leader),
                    Request.newBuilder()
                            .setCompareReplicas(CompareReplicas.newBuilder().setShard(shard)),
                    PATIENCE);
        } catch (IOException | RequestException e) {
            LOG.warn(
                    "event=quarantine_delayed member={} reason=\"{}\" action=\"the next comparison tries again\"",
                    replica.members().name(member),
                    e.getMessage());
        }
    }

    void stop() {
        closing.release();
        thread.interrupt();
    }
}
