package dev.quorate.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for a condition with a deadline; on failure it says what was waited for and what there was instead. */
final class Await {
    private static final long PAUSE_MILLIS = 300;

    private Await() {}

    static void until(String what, Duration timeout, Supplier<String> diagnosis, Callable<Boolean> condition) {
        long endNanos = System.nanoTime() + timeout.toNanos();
        Object last = "never asked";
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
                last = "not so";
            } catch (Exception | AssertionError e) {
                last = e;
            }
            if (System.nanoTime() > endNanos) {
                throw new AssertionError(what + " did not come about in " + timeout.toSeconds() + " s (" + last + ")\n"
                        + diagnosis.get());
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
