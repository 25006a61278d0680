package dev.quorate.mapreduce.schedule;

/**
 * One execution of a task.
 *
 * @param epoch of the coordinator that started it, so that no two start the same attempt
 * @param number of the task's attempts of this epoch, from 1
 */
public record AttemptId(TaskId task, int epoch, int number) {
    private static final String EPOCH = ".e";
    private static final String NUMBER = ".a";

    /** Reads what {@link #toString} wrote. */
    public static AttemptId parse(String text) {
        int epoch = text.indexOf(EPOCH);
        int number = text.indexOf(NUMBER, epoch);
        return new AttemptId(
                TaskId.parse(text.substring(0, epoch)),
                Integer.parseInt(text.substring(epoch + EPOCH.length(), number)),
                Integer.parseInt(text.substring(number + NUMBER.length())));
    }

    /** {@code map-00042.e1.a2}. */
    @Override
    public String toString() {
        return task + EPOCH + epoch + NUMBER + number;
    }
}
