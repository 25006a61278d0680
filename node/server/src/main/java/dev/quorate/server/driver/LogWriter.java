package dev.quorate.server.driver;

import dev.quorate.log.LogFullException;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Ready;
import dev.quorate.server.disk.DiskSpace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The thread that makes readies durable: appends all that wait, syncs once, and tells up to which ready all is durable. Nobody interrupts it: an
 * interrupt would close the log's file.
 */
final class LogWriter {
    private static final long FULL_DISK_PAUSE_MILLIS = 200;
    /** Put in the queue as the last. */
    private static final Ready END =
            new Ready(0, null, null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    private final WriteAheadLog log;
    private final SnapshotInstaller installer;
    private final DiskSpace space;
    private final LongConsumer onDurable;
    private final DriverMeters meters;
    private final Halt halt;
    /** Bounded by the core: uncommitted bytes of a leader, bytes in flight to a follower. */
    private final BlockingQueue<Ready> queue = new LinkedBlockingQueue<>();

    private final Semaphore stopping = new Semaphore(0);
    private final Thread thread;

    private volatile boolean writing;
    private volatile long writingSinceNanos;

    LogWriter(
            String name,
            WriteAheadLog log,
            SnapshotInstaller installer,
            DiskSpace space,
            LongConsumer onDurable,
            DriverMeters meters,
            Halt halt) {
        this.log = log;
        this.installer = installer;
        this.space = space;
        this.onDurable = onDurable;
        this.meters = meters;
        this.halt = halt;
        this.thread = Thread.ofPlatform().name(name + "-log").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void write(Ready ready) {
        queue.add(ready);
    }

    /** How long the disk has been at one and the same write; 0 when there is none. */
    long busyNanos() {
        return writing ? System.nanoTime() - writingSinceNanos : 0;
    }

    private void run() {
        List<Ready> batch = new ArrayList<>();
        boolean ended = false;
        try {
            while (!ended) {
                batch.add(queue.take());
                queue.drainTo(batch);
                ended = batch.getLast() == END;
                if (ended) {
                    batch.removeLast();
                }
                if (!batch.isEmpty()) {
                    ended |= !makeDurable(batch);
                }
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            halt.now("writing the log failed", e);
        }
    }

    /** False when the member stops and the disk has no space: what nobody was told of is left. */
    private boolean makeDurable(List<Ready> batch) throws IOException, InterruptedException {
        for (Ready ready : batch) {
            beginWrite();
            if (!append(ready)) {
                return false;
            }
        }
        beginWrite();
        long startNanos = System.nanoTime();
        log.sync();
        writing = false;
        meters.synced(System.nanoTime() - startNanos);
        onDurable.accept(batch.getLast().number());
        return true;
    }

    private void beginWrite() {
        writingSinceNanos = System.nanoTime();
        writing = true;
    }

    /** On a full disk nothing was written: it waits for space, and the group goes on without this member's disk. */
    private boolean append(Ready ready) throws IOException, InterruptedException {
        while (true) {
            try {
                if (ready.snapshot() != null) {
                    installer.install(ready.snapshot(), ready.hardState());
                }
                if (ready.hardState() != null || !ready.entries().isEmpty()) {
                    log.append(ready.hardState(), ready.entries());
                }
                return true;
            } catch (LogFullException e) {
                if (!space.makeRoom() && stopping.tryAcquire(FULL_DISK_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
        }
    }

    /** Writes what is queued, then ends. */
    void stop() throws InterruptedException {
        stopping.release();
        queue.add(END);
        thread.join();
    }
}
