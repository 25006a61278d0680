package dev.quorate.mapreduce.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tasks of a kind: which of them wait for a worker, and how long the finished ones took. */
final class Phase {
    final List<Task> tasks = new ArrayList<>();
    private final List<List<String>> preferredNodes;
    private final TreeMap<Integer, Task> running = new TreeMap<>();
    private final TreeSet<Integer> waiting = new TreeSet<>();
    private final Map<String, TreeSet<Integer>> waitingByNode = new HashMap<>();
    private int committed;
    private long timedMillis;
    private int timed;

    /**
     * @param preferredNodes of each task
     */
    Phase(TaskId.Kind kind, List<List<String>> preferredNodes) {
        this.preferredNodes = preferredNodes;
        for (int i = 0; i < preferredNodes.size(); i++) {
            tasks.add(new Task(new TaskId(kind, i)));
            nowWaiting(i);
        }
    }

    private void nowWaiting(int index) {
        waiting.add(index);
        for (String node : preferredNodes.get(index)) {
            waitingByNode.computeIfAbsent(node, ignored -> new TreeSet<>()).add(index);
        }
    }

    private void notWaiting(int index) {
        waiting.remove(index);
        for (String node : preferredNodes.get(index)) {
            waitingByNode.getOrDefault(node, new TreeSet<>()).remove(index);
        }
    }

    /** To be called whenever a task's executions or commit changed. */
    void refresh(Task task) {
        if (task.executions.isEmpty()) {
            running.remove(task.id.index());
        } else {
            running.put(task.id.index(), task);
        }
        if (task.waiting()) {
            nowWaiting(task.id.index());
        } else {
            notWaiting(task.id.index());
        }
    }

    /** The waiting task that a worker on a node should take (section 3.4); null when none waits. */
    Task next(String node) {
        TreeSet<Integer> near = waitingByNode.get(node);
        if (near != null && !near.isEmpty()) {
            return tasks.get(near.first());
        }
        return waiting.isEmpty() ? null : tasks.get(waiting.first());
    }

    int waiting() {
        return waiting.size();
    }

    /** Tasks with an attempt under way, as they are now. */
    List<Task> running() {
        return List.copyOf(running.values());
    }

    void committed(Task task, AttemptId attempt, String worker) {
        task.committed = attempt;
        task.committedOn = worker;
        task.committing = null;
        task.executions.clear();
        committed++;
        refresh(task);
    }

    void reopened(Task task) {
        task.committed = null;
        task.committedOn = null;
        committed--;
        refresh(task);
    }

    void took(long millis) {
        timedMillis += millis;
        timed++;
    }

    /** How long an attempt takes; negative when none has ended. */
    double meanMillis() {
        return timed == 0 ? -1 : (double) timedMillis / timed;
    }

    boolean done() {
        return committed == tasks.size();
    }

    JobStatus.PhaseStatus status() {
        double partly = 0;
        Map<String, Integer> failures = new HashMap<>();
        for (Task task : tasks) {
            partly += task.progress();
            if (task.failures > 0) {
                failures.put(task.id.toString(), task.failures);
            }
        }
        double progress = tasks.isEmpty() ? 1 : (committed + partly) / tasks.size();
        return new JobStatus.PhaseStatus(tasks.size(), running.size(), committed, progress, failures);
    }
}
