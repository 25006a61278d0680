package dev.quorate.server.serving;

import dev.quorate.server.NodeStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs a {@link Rehearsal} once, in the background, as soon as the node is ready, so that it takes nothing from the node's coming up. When it fails, that is
 * logged, and the first hand-over to the node takes longer.
 */
final class RehearsalThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RehearsalThread.class);
    /** A node that is not ready by then waits for something, and has time. */
    private static final Duration READY_PATIENCE = Duration.ofSeconds(30);

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final String member;
    private final BooleanSupplier ready;
    private final Path directory;
    private final Thread thread;

    /** @param directory for the time being; nothing else may use it */
    RehearsalThread(String member, BooleanSupplier ready, Path directory) {
        this.member = member;
        this.ready = ready;
        this.directory = directory;
        this.thread = Thread.ofPlatform().name(member + "-rehearsal").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            awaitReady();
            LOG.info("event=rehearsal member={} note=\"what follows of members named rehearsal is of it\"", member);
            long startNanos = System.nanoTime();
            Rehearsal.perform(directory);
            LOG.info("event=rehearsed member={} millis={}", member, (System.nanoTime() - startNanos) / 1_000_000);
        } catch (InterruptedException e) {
            LOG.debug("the node stops before its rehearsal is over");
        } catch (IOException | NodeStartException | RuntimeException e) {
            LOG.warn(
                    "event=rehearsal_failed member={} reason=\"{}\" action=\"none is needed: the first hand-over to this"
                            + " member will take longer\"",
                    member,
                    e.getMessage());
        }
    }

    private void awaitReady() throws InterruptedException {
        long deadlineNanos = System.nanoTime() + READY_PATIENCE.toNanos();
        while (!ready.getAsBoolean() && System.nanoTime() - deadlineNanos < 0) {
            Thread.sleep(LOOK);
        }
    }

    /** Waits until it is over, well or not; false when it is not in time. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return thread.join(timeout);
    }

    /** Ends it, wherever it is. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            awaitEnd(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
