package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.MalformedRecordException;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;

/** How what went wrong in an attempt is said. */
final class Failures {
    private static final int EXCERPT_CHARACTERS = 200;
    private static final int CAUSE_CHARACTERS = 2000;

    private Failures() {}

    /** On a record, by user code. */
    static AttemptException onRecord(
            AttemptContext context, String input, long record, Object key, Object value, Throwable cause) {
        String excerpt = cause instanceof MalformedRecordException malformed
                ? excerpt(malformed.record())
                : excerpt(key) + (value == null ? "" : " -> " + excerpt(value));
        return new AttemptException(
                "%s failed on record %d of %s, %s: %s"
                        .formatted(context.task(), record, input, excerpt, describe(cause)),
                cause instanceof CancellationException ? -1 : record,
                cause);
    }

    /** On no record in particular. */
    static AttemptException inTask(AttemptContext context, String input, Throwable cause) {
        return new AttemptException("%s failed on %s: %s".formatted(context.task(), input, describe(cause)), -1, cause);
    }

    /** A cause in a line. User code that threw is named with its line. */
    static String describe(Throwable cause) {
        if (cause instanceof OutOfMemoryError) {
            return "out of memory (" + cause.getMessage() + "): the heap is "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB; a function must not keep all values of a key"
                    + place(cause);
        }
        String what = cause instanceof IOException || cause instanceof MalformedRecordException
                ? cause.getMessage() == null ? cause.toString() : cause.getMessage()
                : cause.toString();
        String bounded = what.length() <= CAUSE_CHARACTERS ? what : what.substring(0, CAUSE_CHARACTERS) + " ...";
        return cause instanceof IOException ? bounded : bounded + place(cause);
    }

    private static String place(Throwable cause) {
        return Arrays.stream(cause.getStackTrace())
                .filter(frame -> !frame.getClassName().startsWith("java."))
                .findFirst()
                .map(frame -> " at " + frame)
                .orElse("");
    }

    private static String excerpt(Object value) {
        String text = value instanceof Text && ((Text) value).length() > 4 * EXCERPT_CHARACTERS
                ? new Text().set((Text) value, 0, 4 * EXCERPT_CHARACTERS).toString()
                : value instanceof byte[] bytes ? bytes.length + " bytes" : String.valueOf(value);
        return text.length() <= EXCERPT_CHARACTERS
                ? '"' + text + '"'
                : '"' + text.substring(0, EXCERPT_CHARACTERS) + "\" ...";
    }
}
