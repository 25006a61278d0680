package dev.quorate.bench;

import dev.quorate.bench.contender.Usage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A load generator: a process that is spoken to in lines, as {@code dev.quorate.bench.load} describes. */
final class LoadProcess implements AutoCloseable {
    private final Process process;
    private final PrintWriter orders;
    private final BufferedReader answers;

    LoadProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        orders = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** What a run came to, latencies in microseconds. */
    record Answer(long operations, long failures, double seconds, long p50, long p99, long p999, long max) {
        static Answer parse(String line) {
            String[] words = line.split(" ");
            return new Answer(
                    Long.parseLong(words[0]),
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]) / 1e9,
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]),
                    Long.parseLong(words[5]),
                    Long.parseLong(words[6]));
        }
    }

    void load(int keys, int valueBytes, int callers, long millis) throws IOException {
        orders.println("load " + keys + " " + valueBytes + " " + callers + " " + millis);
        expect("loaded");
    }

    /** Begins a run and returns when its warm-up is over. */
    void begin(String workload, int callers, long warmUpMillis, long millis) throws IOException {
        begin(workload, callers, 0, warmUpMillis, millis);
    }

    /** As the other one, at so many operations a second of all callers together; 0: as many as they can. */
    void begin(String workload, int callers, int perSecond, long warmUpMillis, long millis) throws IOException {
        String pace = perSecond == 0 ? "" : " " + perSecond;
        orders.println("run " + workload + " " + callers + " " + warmUpMillis + " " + millis + pace);
        expect("measuring");
    }

    /** Returns when the run is over. */
    Answer end() throws IOException {
        return Answer.parse(expect("measured").strip());
    }

    private String expect(String word) throws IOException {
        String line = answers.readLine();
        if (line == null || !line.startsWith(word)) {
            throw new IOException("the load generator answered '" + line + "' where '" + word + "' was expected");
        }
        return line.substring(word.length());
    }

    Usage usage() {
        return Usage.of(process.pid());
    }

    @Override
    public void close() {
        orders.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
