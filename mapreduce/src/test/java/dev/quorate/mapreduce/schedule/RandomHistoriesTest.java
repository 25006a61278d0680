package dev.quorate.mapreduce.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.mapreduce.schedule.TaskId.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random histories: workers that come and go, attempts that fail, coordinators that die, answers that get lost. What must hold: a committed task is not started
 * again unless its output is gone, at most two attempts of a task run, no reduce starts while a map is open, and every job ends once the faults have stopped.
 * One history again: {@code -Dquorate.seed=N}.
 */
class RandomHistoriesTest {
    private static final int HISTORIES = 300;
    private static final int FAULTY_STEPS = 400;
    private static final int STEPS_MAX = 5000;

    /** One job: the table that outlives its coordinators, and the workers. */
    private static final class World {
        final Random random;
        final int maps;
        final int reduces;
        final Map<TaskId, AttemptId> table = new HashMap<>();
        final Map<TaskId, String> places = new HashMap<>();
        final Map<String, Set<AttemptId>> workers = new HashMap<>();
        Scheduler scheduler;
        int epoch;
        int named;
        long now;
        boolean ended;

        World(long seed) {
            random = new Random(seed);
            maps = random.nextInt(12);
            reduces = 1 + random.nextInt(5);
            newCoordinator();
            for (int i = 0; i < 3; i++) {
                newWorker();
            }
        }

        void newCoordinator() {
            Policy patient = new Policy(Integer.MAX_VALUE, 0, true, 10_000, 60_000);
            scheduler = new Scheduler(patient, ++epoch, Collections.nCopies(maps, List.of()), reduces);
            table.forEach((task, attempt) -> scheduler.on(new Event.Committed(now, attempt, places.get(task))));
        }

        void newWorker() {
            workers.put("w" + named++, new HashSet<>());
        }

        String anyWorker() {
            List<String> names = new ArrayList<>(workers.keySet());
            Collections.sort(names);
            return names.get(random.nextInt(names.size()));
        }

        void act(List<Decision> decisions, boolean answerLost) {
            for (Decision decision : decisions) {
                switch (decision) {
                    case Decision.Start start -> started(start, answerLost);
                    case Decision.Cancel cancel ->
                        workers.getOrDefault(cancel.worker(), new HashSet<>()).remove(cancel.attempt());
                    case Decision.Commit commit -> {
                        table.putIfAbsent(commit.attempt().task(), commit.attempt());
                        places.putIfAbsent(commit.attempt().task(), commit.worker());
                        AttemptId winner = table.get(commit.attempt().task());
                        workers.get(commit.worker()).remove(commit.attempt());
                        act(scheduler.on(new Event.Committed(now, winner, places.get(winner.task()))), false);
                    }
                    case Decision.Inquest inquest ->
                        act(scheduler.on(new Event.Died(now, inquest.attempt(), -1)), false);
                    case Decision.Reopen reopen -> {
                        assertThat(reopen.attempt().task().kind()).isEqualTo(Kind.MAP);
                        table.remove(reopen.attempt().task());
                        places.remove(reopen.attempt().task());
                    }
                    case Decision.Succeed ignored -> ended = true;
                    case Decision.Fail fail -> throw new AssertionError(fail.reason());
                }
            }
        }

        void started(Decision.Start start, boolean answerLost) {
            TaskId task = start.attempt().task();
            assertThat(table).as("tasks that are committed").doesNotContainKey(task);
            if (task.kind() == Kind.REDUCE) {
                for (int i = 0; i < maps; i++) {
                    assertThat(table).containsKey(TaskId.map(i));
                }
            }
            long running = scheduler.status(now).running().stream()
                    .filter(attempt -> attempt.attempt().task().equals(task))
                    .count();
            assertThat(running).isLessThanOrEqualTo(2);
            if (!answerLost) {
                workers.get(start.worker()).add(start.attempt());
            }
        }

        /** A worker's exchange: what it does not report is lost, the rest goes on or ends. */
        void exchange(boolean faults) {
            String worker = anyWorker();
            Set<AttemptId> attempts = workers.get(worker);
            for (AttemptId attempt : scheduler.runningOn(worker)) {
                if (!attempts.contains(attempt)) {
                    act(scheduler.on(new Event.Lost(now, attempt)), false);
                }
            }
            for (AttemptId attempt : List.copyOf(attempts)) {
                int dice = random.nextInt(10);
                if (faults && dice == 0) {
                    attempts.remove(attempt);
                    act(scheduler.on(new Event.Failed(now, attempt, -1, "dice")), false);
                } else if (dice < 6) {
                    act(scheduler.on(new Event.Finished(now, attempt, worker)), false);
                } else {
                    act(scheduler.on(new Event.Running(now, attempt, worker, dice / 10.0, now, "")), false);
                }
            }
            act(
                    scheduler.on(new Event.Ask(now, worker, "", 2 - Math.min(2, attempts.size()))),
                    faults && random.nextInt(10) == 0);
        }

        void step(boolean faults) {
            now += random.nextInt(1000);
            int dice = random.nextInt(100);
            if (faults && dice < 3) {
                newCoordinator();
            } else if (faults && dice < 6) {
                workers.remove(anyWorker());
                newWorker();
            } else if (faults && dice < 8 && !table.isEmpty()) {
                Iterator<AttemptId> any = table.values().iterator();
                act(scheduler.on(new Event.OutputLost(now, any.next())), false);
            } else if (dice < 20) {
                act(scheduler.on(new Event.Tick(now)), false);
            } else {
                exchange(faults);
            }
        }
    }

    @Test
    void everyJobEnds() {
        Long only = Long.getLong("quorate.seed");
        long first = only == null ? System.nanoTime() : only;
        for (long seed = first; seed < first + (only == null ? HISTORIES : 1); seed++) {
            try {
                World world = new World(seed);
                for (int i = 0; i < STEPS_MAX && !world.ended; i++) {
                    world.step(i < FAULTY_STEPS);
                }
                assertThat(world.ended).isTrue();
                assertThat(world.table.keySet()).contains(TaskId.PUBLISH);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("replay with -Dquorate.seed=" + seed, e);
            }
        }
    }
}
