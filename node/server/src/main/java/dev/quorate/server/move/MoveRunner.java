package dev.quorate.server.move;

import dev.quorate.api.Move;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.driver.Commands;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.map.GroupCalls;
import dev.quorate.server.map.MapCopy;
import dev.quorate.server.map.Root;
import dev.quorate.server.snapshot.Throttle;
import dev.quorate.store.Orphan;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import dev.quorate.store.StoreView;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.PurgeShard;
import dev.quorate.store.proto.ShardRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out this group's side of its moves while this member leads it and has applied an entry of its own term. It looks again after every change
 * of the map or of a shard, and after a pause when a step failed. One worker per move. Only imports, which copy data and may hang on a source without
 * a quorum, are limited in number; what a decision of root asks for never waits for them.
 */
public final class MoveRunner {
    private static final Logger LOG = LoggerFactory.getLogger(MoveRunner.class);
    private static final Duration STEP_TIMEOUT = Duration.ofSeconds(10);
    /** After a failed step. */
    private static final long LOOK_AGAIN_MILLIS = 200;

    private static final int ORPHANS_PER_TURN = 16;
    /** After a move, and after a look that found some. */
    private static final Duration ORPHANS_SOON = Duration.ofSeconds(5);

    private static final Duration ORPHANS_AT_REST = Duration.ofSeconds(30);

    private final int groupId;
    private final RaftDriver driver;
    private final Commands commands;
    private final Store store;
    private final MapCopy map;
    private final Root root;
    private final GroupCalls calls;
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
    private final Semaphore imports;
    private final Throttle importThrottle;
    private final Semaphore changes = new Semaphore(0);
    private final ExecutorService steps = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread;
    private volatile boolean closed;
    /** When to look for orphans next. */
    private volatile long orphansDueNanos = System.nanoTime() + ORPHANS_SOON.toNanos();

    public MoveRunner(
            String name,
            int groupId,
            RaftDriver driver,
            Commands commands,
            Store store,
            MapCopy map,
            Root root,
            GroupCalls calls,
            int concurrentImports,
            long importBytesPerSecond) {
        this.groupId = groupId;
        this.driver = driver;
        this.commands = commands;
        this.store = store;
        this.map = map;
        this.root = root;
        this.calls = calls;
        this.imports = new Semaphore(concurrentImports);
        this.importThrottle = new Throttle(importBytesPerSecond);
        this.thread = Thread.ofVirtual().name(name + "-moves").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Something changed that may concern a move. Never blocks. */
    public void wake() {
        changes.release();
    }

    /** Moves of this group that are being worked on here. */
    public int underWay() {
        return underWay.size();
    }

    private void run() {
        try {
            while (!closed) {
                if (driver.leadsSettled()) {
                    look();
                    changes.tryAcquire(orphansDueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                } else {
                    changes.acquire();
                }
                changes.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            map.map().getMovesList().forEach(this::begin);
            purgeOrphans();
        } catch (StoreException e) {
            // Of kind CLOSED when a snapshot took the state's place meanwhile, or when the node closes.
            if (e.kind() != StoreException.Kind.CLOSED) {
                LOG.warn("event=moves_delayed group={} reason=\"{}\"", groupId, e.getMessage());
            }
        }
    }

    private void begin(Move move) {
        boolean ours = move.getFromGroup() == groupId || move.getToGroup() == groupId;
        if (!ours || !canStart(next(move)) || !underWay.add(move.getId())) {
            return;
        }
        steps.execute(() -> {
            try {
                proceed(move.getId());
            } finally {
                underWay.remove(move.getId());
                orphansDueIn(ORPHANS_SOON);
                wake();
            }
        });
    }

    private boolean canStart(MoveAction action) {
        return switch (action) {
            case MoveAction.Await() -> false;
            case MoveAction.Import() -> imports.availablePermits() > 0;
            case MoveAction.Propose _, MoveAction.AskRoot _ -> true;
        };
    }

    /** Step after step, until there is nothing to do for now or one fails. */
    private void proceed(long moveId) {
        try {
            while (!closed && driver.leadsSettled()) {
                Optional<Move> move = map.map().getMovesList().stream()
                        .filter(m -> m.getId() == moveId)
                        .findFirst();
                if (move.isEmpty() || !carryOut(move.get(), next(move.get()))) {
                    return;
                }
            }
        } catch (RequestException | TimeoutException e) {
            LOG.info("event=move_delayed move={} group={} reason=\"{}\"", moveId, groupId, e.getMessage());
            pause();
        } catch (StoreException e) {
            LOG.debug("event=move_left move={} group={} reason=\"{}\"", moveId, groupId, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private MoveAction next(Move move) {
        return MoveLogic.next(groupId, store.shard(move.getShard()).record(), move);
    }

    /** False when there is nothing to do for now. */
    private boolean carryOut(Move move, MoveAction action) throws InterruptedException, TimeoutException {
        switch (action) {
            case MoveAction.Await() -> {
                return false;
            }
            case MoveAction.Propose(Command command) -> {
                commands.execute(command, STEP_TIMEOUT);
                LOG.info(
                        "event=move_step move={} shard={} group={} step={}",
                        move.getId(),
                        move.getShard(),
                        groupId,
                        command.getCommandCase());
            }
            case MoveAction.AskRoot(var change) -> {
                var result = root.change(change, STEP_TIMEOUT);
                if (!result.getAccepted()) {
                    // Somebody else decided, or it is done already: the map that came along tells.
                    LOG.info(
                            "event=move_refused move={} group={} reason=\"{}\"",
                            move.getId(),
                            groupId,
                            result.getRefusal());
                    map.offer(root.readMap(STEP_TIMEOUT));
                }
            }
            case MoveAction.Import() -> {
                return importShard(move);
            }
        }
        return true;
    }

    /** False when as many imports as may be are under way: the next one to end wakes the runner. */
    private boolean importShard(Move move) throws InterruptedException, TimeoutException {
        if (!imports.tryAcquire()) {
            return false;
        }
        try {
            ShardRecord own = store.shard(move.getShard()).record();
            new ShardImport(driver, commands, calls, importThrottle, move).run(own);
            return true;
        } finally {
            imports.release();
            wake();
        }
    }

    /** What an earlier stay of a shard left behind. */
    private void purgeOrphans() {
        if (System.nanoTime() - orphansDueNanos < 0) {
            return;
        }
        orphansDueIn(ORPHANS_AT_REST);
        List<Orphan> orphans;
        try (StoreView view = store.view()) {
            orphans = view.orphans(ORPHANS_PER_TURN);
        }
        if (!orphans.isEmpty()) {
            orphansDueIn(ORPHANS_SOON);
        }
        for (Orphan orphan : orphans) {
            driver.propose(Command.newBuilder()
                    .setPurge(PurgeShard.newBuilder().setShard(orphan.shard()).setIncarnation(orphan.incarnation()))
                    .build()
                    .toByteArray());
        }
    }

    private void orphansDueIn(Duration time) {
        orphansDueNanos = System.nanoTime() + time.toNanos();
    }

    public void stop() throws InterruptedException {
        closed = true;
        wake();
        thread.join();
        steps.shutdownNow();
        steps.awaitTermination(5, TimeUnit.SECONDS);
    }
}
