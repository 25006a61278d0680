package dev.quorate.bench.contender;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A server's process, and how it is started again. It logs to a file beside its directory. */
public final class Member implements AutoCloseable {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final long STOP_SECONDS = 30;
    /** This process is being stopped: who starts now is killed at once. */
    private static volatile boolean noMore;

    private final Path log;
    private final List<String> command;
    private final Map<String, String> environment;
    private Process process;

    private Member(Path log, List<String> command, Map<String, String> environment) {
        this.log = log;
        this.command = command;
        this.environment = environment;
    }

    /** Kills all that run and returns when they are gone: for when this process is stopped. */
    public static void killAll() {
        noMore = true;
        RUNNING.forEach(Process::destroyForcibly);
        RUNNING.forEach(process -> process.onExit().join());
    }

    public static Member start(Path log, List<String> command, Map<String, String> environment) throws IOException {
        Member member = new Member(log, command, environment);
        member.start();
        return member;
    }

    /** Starts it, for the first time or again. */
    public void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
        RUNNING.add(process);
        if (noMore) {
            process.destroyForcibly();
        }
    }

    public long pid() {
        return process.pid();
    }

    public Usage usage() {
        return Usage.of(pid());
    }

    /** @throws IOException when it ended, with the end of its log */
    public void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(command.getFirst() + " ended: " + lastLines());
        }
    }

    private String lastLines() {
        try {
            String text = Files.readString(log);
            return text.substring(Math.max(0, text.length() - 2000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Waits for one that ends by itself. */
    public void await() throws IOException, InterruptedException {
        int status = process.waitFor();
        RUNNING.remove(process);
        if (status != 0) {
            throw new IOException(command.getFirst() + " ended with status " + status + ": " + lastLines());
        }
    }

    /** Asks it to stop. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        close();
    }

    /** Waits for it to stop, and kills it when it takes too long. */
    @Override
    public void close() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        RUNNING.remove(process);
    }
}
