package dev.quorate.bench.contender;

import java.io.IOException;
import java.util.List;

/** Waits for a cluster to serve. */
final class Await {
    private static final long TIMEOUT_NANOS = 60_000_000_000L;
    private static final long PAUSE_MILLIS = 20;

    private Await() {}

    interface Condition {
        /** An exception counts as not yet. */
        boolean holds() throws Exception;
    }

    /** @throws IOException when a member ends, or the condition does not hold in time */
    static void until(String what, List<Member> members, Condition condition) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!holds(condition)) {
            for (Member member : members) {
                member.requireAlive();
            }
            if (System.nanoTime() - start > TIMEOUT_NANOS) {
                throw new IOException(what + " did not happen in time");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static boolean holds(Condition condition) throws InterruptedException {
        try {
            return condition.holds();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return false;
        }
    }
}
