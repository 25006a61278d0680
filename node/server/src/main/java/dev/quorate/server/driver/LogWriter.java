package dev.quorate.server.driver;

import dev.quorate.log.LogFullException;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Ready;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that makes readies durable: appends all that wait, syncs once, and only then lets their messages go. */
final class LogWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final long FULL_DISK_PAUSE_MILLIS = 500;

    private final WriteAheadLog log;
    private final SnapshotInstaller installer;
    private final Consumer<List<Ready>> onDurable;
    private final DriverMeters meters;
    private final Halt halt;
    /** Bounded by the core: uncommitted bytes of a leader, bytes in flight to a follower. */
    private final BlockingQueue<Ready> queue = new LinkedBlockingQueue<>();

    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean diskFull;

    LogWriter(
            String name,
            WriteAheadLog log,
            SnapshotInstaller installer,
            Consumer<List<Ready>> onDurable,
            DriverMeters meters,
            Halt halt) {
        this.log = log;
        this.installer = installer;
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

    boolean diskFull() {
        return diskFull;
    }

    private void run() {
        List<Ready> batch = new ArrayList<>();
        try {
            while (!stopping || !queue.isEmpty()) {
                Ready first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch);
                for (Ready ready : batch) {
                    append(ready);
                }
                long startNanos = System.nanoTime();
                log.sync();
                meters.synced(System.nanoTime() - startNanos);
                onDurable.accept(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            halt.now("writing the log failed", e);
        }
    }

    private void append(Ready ready) throws IOException, InterruptedException {
        while (true) {
            try {
                if (ready.snapshot() != null) {
                    installer.install(ready.snapshot(), ready.hardState());
                }
                if (ready.hardState() != null || !ready.entries().isEmpty()) {
                    log.append(ready.hardState(), ready.entries());
                }
                diskFull = false;
                return;
            } catch (LogFullException e) {
                // Nothing was written. The group may go on without this member's disk; new writes are refused
                // meanwhile.
                if (!diskFull) {
                    diskFull = true;
                    LOG.error(
                            "event=disk_full reason=\"{}\" action=\"free space; this member waits for it\"",
                            e.getMessage());
                }
                if (stopping) {
                    throw e;
                }
                Thread.sleep(FULL_DISK_PAUSE_MILLIS);
            }
        }
    }

    /** Writes what is queued, then ends. */
    void stop() throws InterruptedException {
        stopping = true;
        thread.join();
    }
}
