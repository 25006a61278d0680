package dev.quorate.mapreduce.schedule;

import dev.quorate.mapreduce.schedule.Task.Execution;
import dev.quorate.mapreduce.schedule.TaskId.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The state machine of a job. For one thread. */
public final class Scheduler {
    /** A worker is not lost before so many ticks have passed without a word of it. */
    private static final int TICKS_TO_LOSE = 4;

    private final Policy policy;
    private final int epoch;
    private final Map<Kind, Phase> phases = new EnumMap<>(Kind.class);
    private final Map<String, Long> heardMillis = new TreeMap<>();
    private final Paces paces = new Paces();
    private final List<Decision> decisions = new ArrayList<>();
    private long tickedMillis;
    private int skippedCount;
    private boolean ended;

    /**
     * @param epoch of the coordinator; one that was never used for this job
     * @param splitNodes for each map task, the nodes that its split is near
     */
    public Scheduler(Policy policy, int epoch, List<List<String>> splitNodes, int reduces) {
        this.policy = policy;
        this.epoch = epoch;
        phases.put(Kind.MAP, new Phase(Kind.MAP, splitNodes));
        phases.put(Kind.REDUCE, new Phase(Kind.REDUCE, Collections.nCopies(reduces, List.of())));
        phases.put(Kind.PUBLISH, new Phase(Kind.PUBLISH, List.of(List.of())));
    }

    /** What is to be done after an event, in this order. */
    public List<Decision> on(Event event) {
        decisions.clear();
        if (!ended) {
            switch (event) {
                case Event.Ask ask -> ask(ask);
                case Event.Running running -> running(running);
                case Event.Finished finished -> finished(finished);
                case Event.Committed committed -> committed(committed);
                case Event.Failed failed -> failed(failed);
                case Event.Lost lost -> forget(lost.attempt());
                case Event.Died died -> died(died);
                case Event.OutputLost lost -> outputLost(lost.attempt());
                case Event.Tick tick -> tick(tick.atMillis());
            }
        }
        return List.copyOf(decisions);
    }

    /** What an earlier coordinator wrote down of a task; before the first event. */
    public void restore(TaskId id, int failures, List<Long> skipped) {
        Task task = task(id);
        task.failures = failures;
        task.skipped.addAll(skipped);
        skippedCount += skipped.size();
    }

    private Task task(TaskId id) {
        return phases.get(id.kind()).tasks.get(id.index());
    }

    private Phase phase(Task task) {
        return phases.get(task.id.kind());
    }

    /** The kind of task that is being worked on. Maps that are open matter to nobody once all reduces are committed. */
    public Kind phase() {
        if (phases.get(Kind.REDUCE).done()) {
            return Kind.PUBLISH;
        }
        return phases.get(Kind.MAP).done() ? Kind.REDUCE : Kind.MAP;
    }

    private void ask(Event.Ask ask) {
        heardMillis.put(ask.worker(), ask.atMillis());
        Phase phase = phases.get(phase());
        if (policy.backups() && othersAreThroughSooner(phase, ask.worker(), ask.atMillis())) {
            return;
        }
        for (int i = 0; i < ask.slots(); i++) {
            Task task = phase.next(ask.node());
            if (task == null && policy.backups()) {
                task = slowest(phase, ask.worker(), ask.atMillis());
            }
            if (task == null) {
                return;
            }
            start(task, ask.worker(), ask.atMillis());
        }
    }

    private void start(Task task, String worker, long atMillis) {
        AttemptId attempt = new AttemptId(task.id, epoch, ++task.numbered);
        task.executions.put(attempt, new Execution(attempt, worker, atMillis));
        phase(task).refresh(task);
        decisions.add(new Decision.Start(attempt, worker, task.skips()));
    }

    /** Whether others are expected to end all tasks that wait before a slow worker would end one: it would only be overtaken by a backup. */
    private boolean othersAreThroughSooner(Phase phase, String worker, long nowMillis) {
        if (!paces.slow(worker)) {
            return false;
        }
        Set<String> others = new HashSet<>(heardMillis.keySet());
        others.removeIf(paces::slow);
        for (Task task : phase.running()) {
            for (Execution execution : task.executions.values()) {
                if (nowMillis - execution.startedMillis > 2 * phase.meanMillis()) {
                    others.remove(execution.worker);
                }
            }
        }
        return paces.slowness(worker) * others.size() > phase.waiting() + others.size();
    }

    /** The one whose end is farthest away, if another worker should get there sooner (section 3.6); null when there is none. */
    private Task slowest(Phase phase, String worker, long nowMillis) {
        double worst = phase.meanMillis() * paces.slowness(worker);
        if (worst < 0) {
            return null;
        }
        Task slowest = null;
        for (Task task : phase.running()) {
            if (task.executions.size() != 1 || task.committing != null) {
                continue;
            }
            Execution only = task.executions.values().iterator().next();
            double remaining = only.remainingMillis(nowMillis, phase.meanMillis(), paces.slowness(only.worker));
            if (remaining > worst && !only.worker.equals(worker)) {
                worst = remaining;
                slowest = task;
            }
        }
        return slowest;
    }

    private void running(Event.Running event) {
        heardMillis.put(event.worker(), event.atMillis());
        Execution execution = known(event.attempt(), event.worker(), event.atMillis());
        if (execution == null) {
            return;
        }
        boolean moved = event.records() != execution.records
                || event.progress() != execution.progress
                || !event.status().equals(execution.status);
        if (moved) {
            execution.movedMillis = event.atMillis();
        }
        execution.status = event.status();
        execution.records = event.records();
        execution.progress = event.progress();
    }

    /** An attempt of an open task, taken over when another coordinator started it; null when it is not wanted. */
    private Execution known(AttemptId attempt, String worker, long atMillis) {
        Task task = task(attempt.task());
        Execution execution = task.executions.get(attempt);
        if (execution != null) {
            return execution;
        }
        boolean wanted = task.committed == null
                && attempt.epoch() != epoch
                && !task.failed.contains(attempt)
                && task.executions.size() < 2;
        if (!wanted) {
            decisions.add(new Decision.Cancel(attempt, worker));
            return null;
        }
        Execution adopted = new Execution(attempt, worker, atMillis);
        task.executions.put(attempt, adopted);
        phase(task).refresh(task);
        return adopted;
    }

    private void finished(Event.Finished event) {
        heardMillis.put(event.worker(), event.atMillis());
        Task task = task(event.attempt().task());
        if (event.attempt().equals(task.committed)) {
            return;
        }
        Execution execution = known(event.attempt(), event.worker(), event.atMillis());
        if (execution != null && (task.committing == null || task.committing.equals(event.attempt()))) {
            task.committing = event.attempt();
            decisions.add(new Decision.Commit(event.attempt(), event.worker()));
        }
    }

    private void committed(Event.Committed event) {
        Task task = task(event.attempt().task());
        if (task.committed != null) {
            return;
        }
        for (Execution execution : task.executions.values()) {
            long millis = event.atMillis() - execution.startedMillis;
            if (!execution.id.equals(event.attempt())) {
                decisions.add(new Decision.Cancel(execution.id, execution.worker));
                paces.ranFor(execution.worker, millis, phase(task).meanMillis());
            } else if (execution.id.epoch() == epoch) {
                paces.took(execution.worker, millis, phase(task).meanMillis());
                phase(task).took(millis);
            }
        }
        phase(task).committed(task, event.attempt(), event.worker());
        heardMillis.putIfAbsent(event.worker(), event.atMillis());
        if (task.id.equals(TaskId.PUBLISH)) {
            end(new Decision.Succeed());
        }
    }

    private void failed(Event.Failed event) {
        Task task = task(event.attempt().task());
        if (task.executions.remove(event.attempt()) == null) {
            return;
        }
        abandonCommit(task, event.attempt());
        phase(task).refresh(task);
        task.failed.add(event.attempt());
        task.failures++;
        if (event.record() >= 0 && policy.skippedMax() > 0) {
            task.failuresByRecord.merge(event.record(), 1, Integer::sum);
            skipIfBad(task, event.record(), event.reason());
        }
        if (task.failures >= policy.attemptsMax()) {
            fail(event.reason());
        }
    }

    private void skipIfBad(Task task, long record, String reason) {
        int failures = task.failuresByRecord.getOrDefault(record, 0);
        int deaths = task.deathsByRecord.getOrDefault(record, 0);
        if (failures + deaths < Policy.FAILURES_TO_SKIP) {
            return;
        }
        task.failuresByRecord.remove(record);
        task.deathsByRecord.remove(record);
        task.failures -= failures;
        task.deaths -= deaths;
        task.skipped.add(record);
        if (++skippedCount > policy.skippedMax()) {
            fail("more than " + policy.skippedMax() + " bad records, the last one: " + reason);
        }
    }

    /** A worker may be gone for any reason, and at any record; that two are gone at the same one is the record's fault (section 4.6). */
    private void died(Event.Died event) {
        Task task = task(event.attempt().task());
        String end = task.id + " was being run by a worker that was not heard of any more"
                + (event.record() < 0 ? "" : ", at record " + event.record());
        task.deaths++;
        if (event.record() >= 0 && policy.skippedMax() > 0) {
            task.deathsByRecord.merge(event.record(), 1, Integer::sum);
            skipIfBad(task, event.record(), end);
        }
        if (task.deaths >= Policy.DEATHS_MAX) {
            fail(end + "; it was the " + task.deaths + "th, so the task may be what kills them");
        }
    }

    private static void abandonCommit(Task task, AttemptId attempt) {
        if (attempt.equals(task.committing)) {
            task.committing = null;
        }
    }

    private void forget(AttemptId attempt) {
        Task task = task(attempt.task());
        task.executions.remove(attempt);
        abandonCommit(task, attempt);
        phase(task).refresh(task);
    }

    private void outputLost(AttemptId attempt) {
        Task task = task(attempt.task());
        if (task.id.kind() == Kind.MAP
                && attempt.equals(task.committed)
                && !phases.get(Kind.REDUCE).done()) {
            phase(task).reopened(task);
            decisions.add(new Decision.Reopen(attempt));
        }
    }

    private void tick(long nowMillis) {
        forgive(nowMillis - tickedMillis - policy.workerLostMillis() / TICKS_TO_LOSE, nowMillis);
        tickedMillis = nowMillis;
        List<String> gone = heardMillis.entrySet().stream()
                .filter(entry -> nowMillis - entry.getValue() > policy.workerLostMillis())
                .map(Map.Entry::getKey)
                .toList();
        gone.forEach(this::workerGone);
        for (Phase phase : phases.values()) {
            for (Task task : phase.running()) {
                for (Execution execution : List.copyOf(task.executions.values())) {
                    if (nowMillis - execution.movedMillis > policy.stalledMillis()) {
                        decisions.add(new Decision.Cancel(execution.id, execution.worker));
                        failed(new Event.Failed(
                                nowMillis,
                                execution.id,
                                -1,
                                execution.id.task() + " made no progress for " + policy.stalledMillis() / 1000
                                        + " s on " + execution.worker));
                    }
                }
            }
        }
    }

    /** In a long time without a tick nobody was heard because nobody listened: the coordinator was stopped, or cut off from the store. */
    private void forgive(long deafMillis, long nowMillis) {
        if (deafMillis <= 0) {
            return;
        }
        heardMillis.replaceAll((worker, heard) -> Math.min(nowMillis, heard + deafMillis));
        for (Phase phase : phases.values()) {
            for (Task task : phase.running()) {
                for (Execution execution : task.executions.values()) {
                    execution.movedMillis = Math.min(nowMillis, execution.movedMillis + deafMillis);
                }
            }
        }
    }

    private void workerGone(String worker) {
        heardMillis.remove(worker);
        paces.forget(worker);
        for (AttemptId attempt : runningOn(worker)) {
            forget(attempt);
            decisions.add(new Decision.Inquest(attempt));
        }
        for (Task task : phases.get(Kind.MAP).tasks) {
            if (worker.equals(task.committedOn)) {
                outputLost(task.committed);
            }
        }
    }

    private void fail(String reason) {
        for (Phase phase : phases.values()) {
            for (Task task : phase.tasks) {
                task.executions
                        .values()
                        .forEach(execution -> decisions.add(new Decision.Cancel(execution.id, execution.worker)));
                task.executions.clear();
            }
        }
        end(new Decision.Fail(reason));
    }

    private void end(Decision decision) {
        if (!ended) {
            ended = true;
            decisions.add(decision);
        }
    }

    /** The attempts that a worker should be running. */
    public List<AttemptId> runningOn(String worker) {
        List<AttemptId> attempts = new ArrayList<>();
        for (Phase phase : phases.values()) {
            for (Task task : phase.running()) {
                task.attemptsOn(worker, attempts);
            }
        }
        return attempts;
    }

    /** What must be written down of a task beside its commit: failures that count. */
    public int failures(TaskId id) {
        return task(id).failures;
    }

    /** Numbers of the records that a task leaves out, in order. */
    public List<Long> skipped(TaskId id) {
        return task(id).skips();
    }

    /** The attempt that counts; null for an open task. */
    public AttemptId committed(TaskId id) {
        return task(id).committed;
    }

    /** The state of the job now. */
    public JobStatus status(long nowMillis) {
        Map<Kind, JobStatus.PhaseStatus> byKind = new EnumMap<>(Kind.class);
        List<JobStatus.AttemptStatus> running = new ArrayList<>();
        phases.forEach((kind, phase) -> {
            byKind.put(kind, phase.status());
            phase.running().forEach(task -> running.addAll(task.attempts(nowMillis, phase.meanMillis(), paces)));
        });
        return new JobStatus(phase(), byKind, running, skippedCount);
    }
}
