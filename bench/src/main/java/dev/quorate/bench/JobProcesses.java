package dev.quorate.bench;

import dev.quorate.bench.contender.Checkout;
import dev.quorate.bench.contender.Member;
import dev.quorate.client.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The processes of a MapReduce job: {@code quorate mr}, as shipped but for the size of its heap. */
final class JobProcesses implements AutoCloseable {
    private final Path directory;
    private final List<Member> processes = new ArrayList<>();

    /**
     * @param directory for their logs
     */
    JobProcesses(Path directory) {
        this.directory = directory;
    }

    static String seeds(List<Endpoint> cluster) {
        return cluster.stream().map(Endpoint::toString).collect(Collectors.joining(","));
    }

    Member start(int heapMebibytes, Map<String, String> environment, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Checkout.java(),
                "-Xmx" + heapMebibytes + "m",
                "-XX:+UseParallelGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.quorate.cli.Quorate",
                "mr"));
        command.addAll(arguments);
        Member process = Member.start(
                directory.resolve(arguments.getFirst() + "-" + processes.size() + ".log"), command, environment);
        processes.add(process);
        return process;
    }

    /** Kills those that still run. */
    @Override
    public void close() {
        processes.stream().filter(Member::alive).forEach(Member::kill);
    }
}
