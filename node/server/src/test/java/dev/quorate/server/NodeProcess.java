package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.NodeDescription;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import dev.quorate.client.QuorateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A member in a JVM of its own ({@link NodeMain}), that can be killed, and started again on the same directory and ports. */
final class NodeProcess implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int TAIL_LINES = 30;

    private final int group;
    private final String name;
    private final Path directory;
    private final int peerPort = FreePorts.next();
    private final int grpcPort = FreePorts.next();
    private final int adminPort = FreePorts.next();
    private final AdminClient admin = new AdminClient(adminEndpoint(), TestGroup.TOKEN, TIMEOUT);
    private Process process;

    private NodeProcess(int group, String name, Path directory) {
        this.group = group;
        this.name = name;
        this.directory = directory;
    }

    static NodeProcess start(Path directory, int group, int index) throws IOException {
        String name = "g" + group + "-" + index;
        NodeProcess started = new NodeProcess(group, name, directory.resolve(name));
        started.start();
        return started;
    }

    void start() throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                NodeMain.class.getName(),
                "" + group,
                name,
                directory.toString(),
                "" + peerPort,
                "" + grpcPort,
                "" + adminPort);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    /** SIGKILL. Returns when the process is gone, and its lock and ports are free. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGSTOP: the process stands still, its sockets stay open. */
    void pause() throws IOException {
        signal("-STOP");
    }

    /** SIGCONT. */
    void resume() throws IOException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException {
        int status = new ProcessBuilder("kill", name, Long.toString(process.pid()))
                .start()
                .onExit()
                .join()
                .exitValue();
        assertThat(status).as("kill %s", name).isZero();
    }

    AdminClient admin() {
        return admin;
    }

    Endpoint adminEndpoint() {
        return new Endpoint(HOST, adminPort);
    }

    Endpoint grpcEndpoint() {
        return new Endpoint(HOST, grpcPort);
    }

    /** Empty while it starts or is down. */
    Optional<NodeDescription> describe() {
        try {
            return Optional.of(admin.describe());
        } catch (QuorateException e) {
            return Optional.empty();
        }
    }

    void assertAlive() {
        assertThat(process.isAlive()).as("%s runs: nobody killed it", name).isTrue();
    }

    private Path log() {
        return directory.resolveSibling(name + ".log");
    }

    String logTail() {
        try {
            List<String> lines = Files.readAllLines(log());
            return "--- " + name + "\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "--- " + name + ": no log (" + e + ")";
        }
    }

    @Override
    public void close() {
        admin.close();
        kill();
    }
}
