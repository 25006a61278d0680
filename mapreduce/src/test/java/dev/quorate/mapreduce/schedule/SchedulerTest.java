package dev.quorate.mapreduce.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.mapreduce.schedule.TaskId.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scheduler's decisions, event by event. */
class SchedulerTest {
    private final List<Decision> last = new ArrayList<>();
    private long now;

    private static Scheduler scheduler(int maps, int reduces) {
        return new Scheduler(Policy.DEFAULT, 1, Collections.nCopies(maps, List.of()), reduces);
    }

    private List<Decision> on(Scheduler scheduler, Event event) {
        last.clear();
        last.addAll(scheduler.on(event));
        return last;
    }

    private AttemptId ask(Scheduler scheduler, String worker) {
        List<Decision> decisions = on(scheduler, new Event.Ask(now, worker, "", 1));
        return decisions.isEmpty() ? null : ((Decision.Start) decisions.getFirst()).attempt();
    }

    private void complete(Scheduler scheduler, AttemptId attempt, String worker) {
        assertThat(on(scheduler, new Event.Finished(now, attempt, worker)))
                .containsExactly(new Decision.Commit(attempt, worker));
        on(scheduler, new Event.Committed(now, attempt, worker));
    }

    private AttemptId fail(Scheduler scheduler, String worker, long record) {
        AttemptId attempt = ask(scheduler, worker);
        on(scheduler, new Event.Failed(now, attempt, record, "because"));
        return attempt;
    }

    @Test
    void goesThroughItsPhases() {
        Scheduler scheduler = scheduler(2, 1);
        AttemptId first = ask(scheduler, "a");
        AttemptId second = ask(scheduler, "b");
        assertThat(List.of(first.toString(), second.toString())).containsExactly("map-00000.e1.a1", "map-00001.e1.a1");
        assertThat(ask(scheduler, "c")).isNull();
        complete(scheduler, first, "a");
        assertThat(ask(scheduler, "a")).as("a reduce waits for all maps").isNull();
        complete(scheduler, second, "b");
        AttemptId reduce = ask(scheduler, "a");
        assertThat(reduce.task()).isEqualTo(TaskId.reduce(0));
        complete(scheduler, reduce, "a");
        AttemptId publish = ask(scheduler, "b");
        assertThat(publish.task()).isEqualTo(TaskId.PUBLISH);
        complete(scheduler, publish, "b");
        assertThat(last).containsExactly(new Decision.Succeed());
        assertThat(ask(scheduler, "a")).isNull();
    }

    @Test
    void aJobWithoutInputStillReducesAndPublishes() {
        Scheduler scheduler = scheduler(0, 1);
        assertThat(ask(scheduler, "a").task().kind()).isEqualTo(Kind.REDUCE);
    }

    @Test
    void aTaskThatFailsTooOftenFailsTheJob() {
        Scheduler scheduler = scheduler(2, 1);
        AttemptId other = ask(scheduler, "other");
        for (int i = 0; i < Policy.DEFAULT.attemptsMax(); i++) {
            assertThat(last).noneMatch(Decision.Fail.class::isInstance);
            fail(scheduler, "a", -1);
        }
        assertThat(last).containsExactly(new Decision.Cancel(other, "other"), new Decision.Fail("because"));
    }

    @Test
    void aRecordThatFailedTwiceIsLeftOut() {
        Scheduler scheduler = new Scheduler(Policy.DEFAULT.withSkippedMax(2), 1, Collections.nCopies(1, List.of()), 1);
        for (long record : List.of(17L, 17L, 99L, 99L)) {
            fail(scheduler, "a", record);
        }
        on(scheduler, new Event.Ask(now, "a", "", 1));
        assertThat(((Decision.Start) last.getFirst()).skip()).containsExactly(17L, 99L);
        assertThat(scheduler.failures(TaskId.map(0))).isZero();
        on(scheduler, new Event.Failed(now, ((Decision.Start) last.getFirst()).attempt(), 100, "because"));
        fail(scheduler, "a", 100);
        assertThat(last.getLast()).isInstanceOf(Decision.Fail.class);
    }

    @Test
    void aLostWorkersMapsAreMadeAgainAndItsCommittedReducesAreNot() {
        Scheduler scheduler = scheduler(2, 2);
        AttemptId first = ask(scheduler, "a");
        complete(scheduler, first, "a");
        complete(scheduler, ask(scheduler, "b"), "b");
        complete(scheduler, ask(scheduler, "a"), "a");
        pass(scheduler, Policy.DEFAULT.workerLostMillis() - 1);
        AttemptId running = ask(scheduler, "b");
        assertThat(pass(scheduler, 2)).containsExactly(new Decision.Reopen(first));
        assertThat(scheduler.status(now).phases().get(Kind.REDUCE).committed()).isEqualTo(1);
        complete(scheduler, running, "b");
        assertThat(ask(scheduler, "b").task())
                .as("nobody needs the map any more")
                .isEqualTo(TaskId.PUBLISH);
    }

    @Test
    void aRunningAttemptOfALostWorkerIsStartedElsewhereAndDoesNotCount() {
        Scheduler scheduler = scheduler(1, 1);
        AttemptId attempt = ask(scheduler, "a");
        pass(scheduler, Policy.DEFAULT.workerLostMillis() + 1);
        AttemptId again = ask(scheduler, "b");
        assertThat(again.task()).isEqualTo(attempt.task());
        assertThat(again).isNotEqualTo(attempt);
        assertThat(scheduler.failures(attempt.task())).isZero();
        assertThat(on(scheduler, new Event.Running(now, attempt, "a", 0.5, 10, "")))
                .containsExactly(new Decision.Cancel(attempt, "a"));
    }

    /** Time goes by, with a tick each second at the least. */
    private List<Decision> pass(Scheduler scheduler, long millis) {
        List<Decision> decisions = new ArrayList<>();
        for (long left = millis; left > 0; left -= 1000) {
            now += Math.min(left, 1000);
            decisions.addAll(on(scheduler, new Event.Tick(now)));
        }
        return decisions;
    }

    /** The same with a worker that says each second that its attempt is where it was. */
    private List<Decision> passWith(Scheduler scheduler, AttemptId attempt, long millis) {
        List<Decision> decisions = new ArrayList<>();
        for (long left = millis; left > 0; left -= 1000) {
            decisions.addAll(pass(scheduler, Math.min(left, 1000)));
            if (decisions.isEmpty()) {
                on(scheduler, new Event.Running(now, attempt, "a", 0, 0, ""));
            }
        }
        return decisions;
    }

    @Test
    void aCoordinatorThatWasStoppedTakesNobodyForDead() {
        Scheduler scheduler = scheduler(2, 1);
        AttemptId done = ask(scheduler, "a");
        complete(scheduler, done, "a");
        AttemptId runs = ask(scheduler, "a");
        pass(scheduler, 5000);
        now += 3_600_000;
        assertThat(on(scheduler, new Event.Tick(now))).isEmpty();
        assertThat(on(scheduler, new Event.Running(now, runs, "a", 0.5, 10, "")))
                .isEmpty();
        assertThat(pass(scheduler, Policy.DEFAULT.workerLostMillis() + 1))
                .as("it listens again")
                .contains(new Decision.Reopen(done), new Decision.Inquest(runs));
    }

    @Test
    void anAttemptOfAnotherEpochThatFailedIsNotTakenOverAgain() {
        Scheduler scheduler = new Scheduler(Policy.DEFAULT, 2, List.of(List.of()), 1);
        AttemptId stuck = new AttemptId(TaskId.map(0), 1, 1);
        on(scheduler, new Event.Running(now, stuck, "a", 0, 0, ""));
        assertThat(passWith(scheduler, stuck, Policy.DEFAULT.stalledMillis() + 1))
                .containsExactly(new Decision.Cancel(stuck, "a"));
        assertThat(on(scheduler, new Event.Running(now, stuck, "a", 0, 0, "")))
                .as("the cancel was lost")
                .containsExactly(new Decision.Cancel(stuck, "a"));
        assertThat(scheduler.failures(TaskId.map(0))).isEqualTo(1);
    }

    @Test
    void theSlowestGetsABackupAndTheFirstToFinishCounts() {
        Scheduler scheduler = scheduler(3, 1);
        AttemptId quick = ask(scheduler, "a");
        AttemptId slow = ask(scheduler, "slow");
        AttemptId nearlyThere = ask(scheduler, "b");
        now = 1000;
        complete(scheduler, quick, "a");
        on(scheduler, new Event.Running(now, slow, "slow", 0.1, 10, ""));
        on(scheduler, new Event.Running(now, nearlyThere, "b", 0.9, 90, ""));
        assertThat(ask(scheduler, "slow")).as("not beside itself").isNull();
        AttemptId backup = ask(scheduler, "a");
        assertThat(backup.task()).isEqualTo(slow.task());
        assertThat(ask(scheduler, "a")).as("one backup is enough").isNull();
        complete(scheduler, backup, "a");
        assertThat(last).containsExactly(new Decision.Cancel(slow, "slow"));
        assertThat(on(scheduler, new Event.Finished(now, slow, "slow")))
                .containsExactly(new Decision.Cancel(slow, "slow"));
    }

    /** As a command is that reads all of its input and then computes. */
    @Test
    void whatHasReadAllAndIsLongOverdueGetsABackup() {
        Scheduler scheduler = scheduler(2, 1);
        AttemptId quick = ask(scheduler, "a");
        AttemptId slow = ask(scheduler, "slow");
        now = 1000;
        complete(scheduler, quick, "a");
        on(scheduler, new Event.Running(now, slow, "slow", 1, 10, ""));
        now = 1900;
        assertThat(ask(scheduler, "a")).isNull();
        now = 2100;
        assertThat(ask(scheduler, "a").task()).isEqualTo(slow.task());
    }

    @Test
    void aTaskThatItsWorkersDieOfFailsTheJob() {
        Scheduler scheduler = scheduler(1, 1);
        for (int i = 0; i < Policy.DEATHS_MAX; i++) {
            assertThat(last).noneMatch(Decision.Fail.class::isInstance);
            ask(scheduler, "w" + i);
            dies(scheduler, 7);
        }
        assertThat(last)
                .hasSize(1)
                .first()
                .isInstanceOfSatisfying(
                        Decision.Fail.class,
                        fail -> assertThat(fail.reason()).contains("map-00000", "at record 7", "the 10th"));
    }

    /** The worker that was asked last is not heard of any more. */
    private void dies(Scheduler scheduler, long record) {
        Decision.Inquest inquest = (Decision.Inquest)
                pass(scheduler, Policy.DEFAULT.workerLostMillis() + 1).getFirst();
        on(scheduler, new Event.Died(now, inquest.attempt(), record));
    }

    @Test
    void aRecordAtWhichTwoWorkersDiedIsLeftOut() {
        Scheduler scheduler = new Scheduler(Policy.DEFAULT.withSkippedMax(20), 1, List.of(List.of()), 1);
        TaskId task = ask(scheduler, "w").task();
        dies(scheduler, 3);
        ask(scheduler, "w");
        dies(scheduler, 5);
        ask(scheduler, "w");
        assertThat(scheduler.skipped(task)).isEmpty();
        dies(scheduler, 3);
        assertThat(scheduler.skipped(task)).containsExactly(3L);
        for (int i = 0; i < 2 * Policy.DEATHS_MAX; i++) {
            ask(scheduler, "w");
            dies(scheduler, 100 + i / 2);
            assertThat(last).as("records that are to blame").isEmpty();
        }
        assertThat(scheduler.failures(task)).isZero();
    }

    @Test
    void aDeathAndAFailureAtARecordAreTwo() {
        Scheduler scheduler = new Scheduler(Policy.DEFAULT.withSkippedMax(20), 1, List.of(List.of()), 1);
        TaskId task = ask(scheduler, "w").task();
        dies(scheduler, 3);
        on(scheduler, new Event.Failed(now, ask(scheduler, "w"), 3, "bad"));
        assertThat(scheduler.skipped(task)).containsExactly(3L);
        assertThat(scheduler.failures(task)).isZero();
    }

    @Test
    void atNoRecordNothingIsLeftOut() {
        Scheduler scheduler = new Scheduler(Policy.DEFAULT.withSkippedMax(20), 1, List.of(List.of()), 1);
        for (int i = 0; i < 3; i++) {
            TaskId task = ask(scheduler, "w").task();
            dies(scheduler, -1);
            assertThat(scheduler.skipped(task)).isEmpty();
        }
    }

    @Test
    void anAttemptThatStandsStillHasFailed() {
        Scheduler scheduler = scheduler(1, 1);
        AttemptId attempt = ask(scheduler, "a");
        assertThat(passWith(scheduler, attempt, Policy.DEFAULT.stalledMillis() + 1))
                .containsExactly(new Decision.Cancel(attempt, "a"));
        assertThat(scheduler.failures(attempt.task())).isEqualTo(1);
    }

    @Test
    void aWorkerTakesWhatIsNearIt() {
        Scheduler scheduler =
                new Scheduler(Policy.DEFAULT, 1, List.of(List.of("n1"), List.of("n2", "n3"), List.of("n3")), 1);
        List<Decision> near = on(scheduler, new Event.Ask(0, "w", "n3", 1));
        assertThat(((Decision.Start) near.getFirst()).attempt().task()).isEqualTo(TaskId.map(1));
        near = on(scheduler, new Event.Ask(0, "w", "n2", 1));
        assertThat(((Decision.Start) near.getFirst()).attempt().task()).isEqualTo(TaskId.map(0));
    }

    @Test
    void attemptsOfAnEarlierCoordinatorAreTakenOver() {
        Scheduler scheduler = scheduler(2, 1);
        AttemptId foreign = new AttemptId(TaskId.map(0), 0, 1);
        assertThat(on(scheduler, new Event.Running(0, foreign, "a", 0.5, 5, "")))
                .isEmpty();
        AttemptId own = ask(scheduler, "b");
        assertThat(own.task()).isEqualTo(TaskId.map(1));
        complete(scheduler, foreign, "a");
        AttemptId late = new AttemptId(TaskId.map(0), 0, 2);
        assertThat(on(scheduler, new Event.Finished(0, late, "c"))).containsExactly(new Decision.Cancel(late, "c"));
    }

    @Test
    void namesAreReadBack() {
        AttemptId attempt = new AttemptId(TaskId.reduce(7), 3, 12);
        assertThat(attempt).hasToString("reduce-00007.e3.a12");
        assertThat(AttemptId.parse(attempt.toString())).isEqualTo(attempt);
    }
}
