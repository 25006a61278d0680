package dev.quorate.cli.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs programs of the machine: docker, apt-get, mvnw. */
public final class Shell {
    private static final int OUTPUT_KEPT_CHARS = 4000;

    private Shell() {}

    /** A program that did not do what it was asked for. */
    public static final class CommandFailedException extends RuntimeException {
        CommandFailedException(List<String> command, String what) {
            super(String.join(" ", command) + ": " + what);
        }
    }

    /**
     * Runs a program to its end and returns what it printed.
     *
     * @throws CommandFailedException when it exits with another status than 0 or takes longer than the timeout; carries the end of its output
     */
    public static String run(Duration timeout, String... command) {
        return run(timeout, line -> {}, command);
    }

    /** The same, and tells each line as it comes. */
    public static String run(Duration timeout, Consumer<String> onLine, String... command) {
        List<String> words = List.of(command);
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            StringBuilder output = new StringBuilder();
            Thread reader = Thread.ofVirtual().start(() -> drain(process, output, onLine));
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new CommandFailedException(words, "still running after " + timeout.toSeconds() + " s");
            }
            reader.join();
            if (process.exitValue() != 0) {
                throw new CommandFailedException(words, "exit status " + process.exitValue() + ": " + end(output));
            }
            return output.toString();
        } catch (IOException e) {
            throw new CommandFailedException(words, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(words, "interrupted");
        }
    }

    /** Whether a program can be run and exits with status 0. */
    public static boolean succeeds(Duration timeout, String... command) {
        try {
            run(timeout, command);
            return true;
        } catch (CommandFailedException e) {
            return false;
        }
    }

    private static void drain(Process process, StringBuilder output, Consumer<String> onLine) {
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.append(line).append('\n');
                onLine.accept(line);
            }
        } catch (IOException e) {
            output.append(e.getMessage()).append('\n');
        }
    }

    private static String end(StringBuilder output) {
        return output.substring(Math.max(0, output.length() - OUTPUT_KEPT_CHARS))
                .strip();
    }
}
