package dev.quorate.mapreduce.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Four workers in simulated time, which take the same time for every task; but for one, that may be slower. */
class SlowWorkerTest {
    private static final int WORKERS = 4;
    private static final int MAPS = 40;
    private static final int REDUCES = 8;
    private static final long TASK_MILLIS = 1500;
    private static final long STEP_MILLIS = 100;
    private static final long EXCHANGE_MILLIS = 500;

    /** Simulated time of a job. Who has ended an attempt says so at once, others twice a second. */
    private static long jobMillis(int slower, boolean backups) {
        Scheduler scheduler =
                new Scheduler(Policy.DEFAULT.withBackups(backups), 1, Collections.nCopies(MAPS, List.of()), REDUCES);
        Map<String, AttemptId> attempts = new HashMap<>();
        Map<String, Long> endMillis = new HashMap<>();
        for (long now = 0; ; now += STEP_MILLIS) {
            for (int i = 0; i < WORKERS; i++) {
                String worker = "w" + i;
                AttemptId attempt = attempts.get(worker);
                boolean finished = attempt != null && now >= endMillis.get(worker);
                if (!finished && now % EXCHANGE_MILLIS != 0) {
                    continue;
                }
                if (attempt != null && !scheduler.runningOn(worker).contains(attempt)) {
                    attempts.remove(worker); // cancelled
                } else if (finished) {
                    attempts.remove(worker);
                    scheduler.on(new Event.Finished(now, attempt, worker));
                    if (scheduler.on(new Event.Committed(now, attempt, worker)).contains(new Decision.Succeed())) {
                        return now;
                    }
                } else if (attempt != null) {
                    scheduler.on(new Event.Running(now, attempt, worker, 1, 1, ""));
                }
                int free = attempts.containsKey(worker) ? 0 : 1;
                for (Decision decision : scheduler.on(new Event.Ask(now, worker, "", free))) {
                    if (decision instanceof Decision.Start start) {
                        attempts.put(worker, start.attempt());
                        endMillis.put(worker, now + (i == 0 ? slower : 1) * TASK_MILLIS);
                    }
                }
            }
            scheduler.on(new Event.Tick(now));
        }
    }

    @Test
    void oneThatIsTenTimesSlowerCostsLittleMoreThanItsShare() {
        long undisturbed = jobMillis(1, true);
        // publishing takes as long as another task here, and who is idle as a phase ends hears of the next one when it
        // asks again
        long busy = (MAPS / WORKERS + REDUCES / WORKERS + 1) * TASK_MILLIS;
        assertThat(undisturbed).isBetween(busy, busy + 2 * EXCHANGE_MILLIS);
        long share = (MAPS + REDUCES) * TASK_MILLIS / (WORKERS - 1) + TASK_MILLIS;
        assertThat(jobMillis(10, true)).isBetween(undisturbed, share + 2 * TASK_MILLIS);
        assertThat(jobMillis(10, false)).isGreaterThan(undisturbed * 3 / 2);
    }

    @Test
    void aSlowWorkerTakesWhatOthersWouldNotGetToSooner() {
        Scheduler scheduler = new Scheduler(Policy.DEFAULT, 1, Collections.nCopies(100, List.of()), 1);
        AttemptId slow = start(scheduler, 0, "slow");
        AttemptId quick = start(scheduler, 0, "quick");
        commit(scheduler, 1000, quick, "quick");
        commit(scheduler, 10_000, slow, "slow");
        assertThat(start(scheduler, 10_000, "slow")).as("of many").isNotNull();
        for (long now = 10_000; start(scheduler, now, "quick") instanceof AttemptId next; now += 1000) {
            commit(scheduler, now + 1000, next, "quick");
            if (next.task().index() > 95) {
                assertThat(start(scheduler, now + 1000, "slow"))
                        .as("of the last ones")
                        .isNull();
            }
        }
    }

    private static AttemptId start(Scheduler scheduler, long now, String worker) {
        List<Decision> decisions = scheduler.on(new Event.Ask(now, worker, "", 1));
        return decisions.isEmpty() ? null : ((Decision.Start) decisions.getFirst()).attempt();
    }

    private static void commit(Scheduler scheduler, long now, AttemptId attempt, String worker) {
        scheduler.on(new Event.Finished(now, attempt, worker));
        scheduler.on(new Event.Committed(now, attempt, worker));
    }
}
