package dev.quorate.mapreduce;

/** What a task may know and do beside its records. */
public interface TaskContext {
    /** For example {@code map-00042}. */
    String task();

    /** For example {@code map-00042.a1}: another one for each execution of the task. */
    String attempt();

    /** What the task does at present, for people who watch the job; of a long text the beginning is shown. */
    void status(String text);

    /** The counter of that name. Keep it instead of asking for it at each record. */
    Counter counter(String group, String name);
}
