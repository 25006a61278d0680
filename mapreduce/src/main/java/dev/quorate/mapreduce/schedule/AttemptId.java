package dev.quorate.mapreduce.schedule;

/**
 * One execution of a task.
 *
 * @param epoch of the coordinator that started it, so that no two start the same attempt
 * @param number of the task's attempts of this epoch, from 1
 */
public record AttemptId(TaskId task, int epoch, int number) {
    /** Reads what {@link #toString} wrote. */
    public static AttemptId parse(String text) {
        String[] parts = text.split("\\.[ea]");
        return new AttemptId(TaskId.parse(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        return "%s.e%d.a%d".formatted(task, epoch, number);
    }
}
