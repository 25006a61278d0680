package dev.quorate.cli.nemesis;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for what has to come. */
final class Await {
    /** On a machine that others use as well. */
    private static final long PATIENCE_SECONDS = 180;

    private static final long PAUSE_MILLIS = 50;

    private Await() {}

    /**
     * Returns when it is so.
     *
     * @throws Violation when it is not, for long
     */
    static void until(String what, BooleanSupplier holds, Supplier<String> instead) throws InterruptedException {
        long startNanos = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - startNanos > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new Violation(what + " did not come in " + PATIENCE_SECONDS + " s; instead: " + instead.get());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
