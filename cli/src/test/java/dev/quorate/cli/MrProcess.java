package dev.quorate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code quorate mr} in a process of its own, with the tests' classes, which may be killed. */
final class MrProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 240;

    private final Process process;
    private final Path output;

    private MrProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * @param wrapper a command that runs it; empty for none
     * @param heapMebibytes of its JVM
     * @param output where what it prints goes
     */
    static MrProcess start(List<String> wrapper, int heapMebibytes, Path output, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + heapMebibytes + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "dev.quorate.cli.Quorate",
                "mr"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return new MrProcess(builder.start(), output);
    }

    /** As SIGKILL does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** As Ctrl-C does. */
    void interrupt() throws IOException {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .onExit()
                .join();
    }

    /** Waits for its end. Returns its exit status. */
    int await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(output + " is still running after " + PATIENCE_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** All that it has printed. */
    String printed() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        kill();
    }
}
