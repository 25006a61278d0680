package dev.quorate.server.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Who gives many answers at once says so, and who passes them on then does so once for all of them: else the first would travel alone, and a message
 * costs more than what is in it.
 */
public final class Bursts {
    /** Answers in a burst, at most: the first do not wait for hundreds. */
    public static final int SIZE = 64;

    private static final ThreadLocal<List<Runnable>> AT_END = new ThreadLocal<>();

    private Bursts() {}

    /** Runs what answers up to {@link #SIZE} requests and does not wait for anything. */
    public static void run(Runnable answers) {
        if (AT_END.get() != null) {
            answers.run();
            return;
        }
        List<Runnable> atEnd = new ArrayList<>();
        AT_END.set(atEnd);
        try {
            answers.run();
        } finally {
            AT_END.remove();
            atEnd.forEach(Runnable::run);
        }
    }

    /** Runs a task, which must not fail, when the calling thread's burst ends; now if there is none. */
    public static void atEnd(Runnable task) {
        List<Runnable> tasks = AT_END.get();
        if (tasks == null) {
            task.run();
        } else {
            tasks.add(task);
        }
    }
}
