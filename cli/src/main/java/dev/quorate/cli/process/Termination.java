package dev.quorate.cli.process;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A SIGTERM for which this process waits, and which ends it only when it has done what it has to do then. */
public final class Termination implements AutoCloseable {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    private Termination() {}

    /**
     * From now on.
     *
     * @param patience how long the process lasts after the signal, at most
     */
    public static Termination expected(Duration patience) {
        Termination termination = new Termination();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> termination.hold(patience)));
        return termination;
    }

    private void hold(Duration patience) {
        asked.countDown();
        try {
            done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** True when the signal came, within that time. */
    public boolean await(Duration timeout) throws InterruptedException {
        return asked.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the signal came. */
    public boolean asked() {
        return asked.getCount() == 0;
    }

    /** The process may end. */
    @Override
    public void close() {
        done.countDown();
    }
}
