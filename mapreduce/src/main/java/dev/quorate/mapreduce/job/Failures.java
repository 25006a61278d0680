package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.MalformedRecordException;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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
        String what = switch (cause) {
            case IOException io -> reason(io);
            case MalformedRecordException malformed -> malformed.getMessage();
            default -> cause.toString();
        };
        String bounded = what.length() <= CAUSE_CHARACTERS ? what : what.substring(0, CAUSE_CHARACTERS) + " ...";
        return cause instanceof IOException || cause instanceof MalformedRecordException
                ? bounded
                : bounded + place(cause);
    }

    /** In words: of some, the message is the file's name and no more. */
    static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException e when e.getReason() == null -> named(e, "no such file or directory");
            case AccessDeniedException e when e.getReason() == null -> named(e, "permission denied");
            case FileAlreadyExistsException e when e.getReason() == null -> named(e, "it exists, and is no directory");
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }

    private static String named(FileSystemException failure, String reason) {
        return failure.getFile() + ": " + reason;
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
