package dev.quorate.mapreduce.command;

import dev.quorate.mapreduce.Counters;
import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.TaskContext;
import dev.quorate.mapreduce.Text;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running command: the task's thread writes its standard input, two more read its output and what it says. */
final class CommandProcess {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int LINE_BYTES_MAX = 64 << 20;
    private static final int SAID_LINE_CHARACTERS_MAX = 4096;
    private static final int SAID_LINES_MAX = 20;
    private static final int SAID_CHARACTERS_MAX = 300;
    private static final Pattern COUNTER = Pattern.compile("reporter:counter:([^,]*),([^,]*),(-?\\d{1,18})");
    private static final String REPORT = "reporter:";
    private static final String STATUS = REPORT + "status:";

    /** A counter that the command added to. */
    private record CounterName(String group, String name) {}

    private final String line;
    private final TaskContext context;
    private final Process process;
    private final OutputStream in;
    private final Thread outputReader;
    private final Thread errorReader;
    private final Map<CounterName, Long> counted = new LinkedHashMap<>();
    private final Deque<String> said = new ArrayDeque<>();
    private volatile Throwable outputFailure;
    private boolean readEnough;

    CommandProcess(String line, TaskContext context, Emitter<Text, Text> out) throws IOException {
        this.line = line;
        this.context = context;
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", line);
        builder.environment().put("QUORATE_TASK", context.task());
        builder.environment().put("QUORATE_ATTEMPT", context.attempt());
        process = builder.start();
        in = new BufferedOutputStream(process.getOutputStream(), BUFFER_BYTES);
        outputReader = Thread.ofPlatform().name(context.attempt() + "-out").start(() -> readOutput(out));
        errorReader = Thread.ofVirtual().name(context.attempt() + "-err").start(this::readErrors);
        if (context instanceof Cancellable attempt) {
            attempt.onCancel(this::stop);
        }
    }

    /** Writes a line; nothing when the command has read enough. */
    void write(Object key, Object value) throws IOException {
        if (outputFailure != null) {
            abandon();
        }
        if (readEnough) {
            return;
        }
        try {
            if (key != null) {
                writeText(key);
                in.write('\t');
            }
            writeText(value);
            in.write('\n');
        } catch (IOException e) {
            readEnough = true;
        }
    }

    private void writeText(Object value) throws IOException {
        switch (value) {
            case null -> {}
            case Text text -> in.write(text.array(), text.start(), text.length());
            case byte[] bytes -> in.write(bytes);
            default -> in.write(value.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void readOutput(Emitter<Text, Text> out) {
        try (InputStream output = new BufferedInputStream(process.getInputStream(), BUFFER_BYTES)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            Text key = new Text();
            Text value = new Text();
            int kept = 0;
            int count;
            while ((count = output.read(buffer, kept, buffer.length - kept)) >= 0) {
                int end = kept + count;
                int start = 0;
                for (int i = kept; i < end; i++) {
                    if (buffer[i] == '\n') {
                        emit(buffer, start, i, key, value, out);
                        start = i + 1;
                    }
                }
                kept = end - start;
                System.arraycopy(buffer, start, buffer, 0, kept);
                if (kept == buffer.length) {
                    if (kept >= LINE_BYTES_MAX) {
                        throw new IOException("the command wrote a line of more than " + LINE_BYTES_MAX + " bytes");
                    }
                    buffer = Arrays.copyOf(buffer, 2 * kept);
                }
            }
            if (kept > 0) {
                emit(buffer, 0, kept, key, value, out);
            }
        } catch (IOException | RuntimeException | Error e) {
            outputFailure = e;
            stop();
        }
    }

    private static void emit(byte[] buffer, int start, int end, Text key, Text value, Emitter<Text, Text> out)
            throws IOException {
        int tab = start;
        while (tab < end && buffer[tab] != '\t') {
            tab++;
        }
        out.emit(key.set(buffer, start, tab), value.set(buffer, Math.min(tab + 1, end), end));
    }

    private void readErrors() {
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            String text;
            while ((text = line(errors)) != null) {
                Matcher counter = COUNTER.matcher(text);
                if (counter.matches()) {
                    count(new CounterName(counter.group(1), counter.group(2)), Long.parseLong(counter.group(3)));
                } else if (text.startsWith(STATUS)) {
                    context.status(text.substring(STATUS.length()));
                } else if (!text.startsWith(REPORT)) {
                    said.add(text.length() > SAID_CHARACTERS_MAX ? text.substring(0, SAID_CHARACTERS_MAX) : text);
                    if (said.size() > SAID_LINES_MAX) {
                        said.remove();
                    }
                }
            }
        } catch (IOException e) {
            said.add("(its standard error can't be read: " + e.getMessage() + ")");
        }
    }

    /** The beginning of the next line, however long that is; null when there is none. */
    private static String line(Reader from) throws IOException {
        StringBuilder text = new StringBuilder();
        int character;
        while ((character = from.read()) >= 0 && character != '\n') {
            if (text.length() < SAID_LINE_CHARACTERS_MAX && character != '\r') {
                text.append((char) character);
            }
        }
        return character < 0 && text.isEmpty() ? null : text.toString();
    }

    /** One more than there may be is kept, for {@link #finish} to fail on. */
    private void count(CounterName name, long n) {
        if (counted.size() <= Counters.COUNTERS_MAX || counted.containsKey(name)) {
            counted.merge(name, n, Long::sum);
        }
    }

    /** Ends its input and waits for its end. All that it wrote has been emitted, and its counters count, after this. */
    void finish() throws IOException {
        try {
            in.close();
        } catch (IOException e) {
            readEnough = true;
        }
        int status;
        try {
            outputReader.join();
            errorReader.join();
            status = process.waitFor();
        } catch (InterruptedException e) {
            stop();
            throw new CancellationException("command '" + line + "' was interrupted");
        }
        if (context instanceof Cancellable attempt && attempt.cancelled()) {
            throw new CancellationException("command '" + line + "' was ended with its attempt");
        }
        throwOutputFailure();
        if (status != 0) {
            throw new CommandException("command '" + line + "' ended with status " + status
                    + (status == 127 ? " (not found)" : "")
                    + (said.isEmpty() ? "" : "; it said: " + String.join(" | ", said)));
        }
        counted.forEach((name, n) -> context.counter(name.group(), name.name()).add(n));
    }

    private void abandon() throws IOException {
        stop();
        throwOutputFailure();
    }

    private void throwOutputFailure() throws IOException {
        switch (outputFailure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new CommandException("reading the output of command '" + line + "' failed: " + e);
        }
    }

    /** Ends it, whatever it does, and first what it has started: nobody knows whose that is once its parent is gone. */
    void stop() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
