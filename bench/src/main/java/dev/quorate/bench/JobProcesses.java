package dev.quorate.bench;

import dev.quorate.bench.contender.Checkout;
import dev.quorate.bench.contender.Member;
import dev.quorate.client.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The processes of a MapReduce job: {@code quorate mr}, as the script of that name starts it but for the size of its heap. */
final class JobProcesses implements AutoCloseable {
    /** What runs tasks, as fast as it can. */
    private static final Set<String> WORKING = Set.of("run", "worker");

    private static final List<String> LONG_COMMAND = List.of("-XX:+UseParallelGC");
    private static final List<String> SHORT_COMMAND = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final List<String> WHEN_IDLE = List.of("chrt", "-i", "0");

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
        boolean reads = arguments.getFirst().equals("run") && arguments.contains("--keyspace");
        boolean works = !reads && WORKING.contains(arguments.getFirst());
        List<String> command = new ArrayList<>(reads || arguments.getFirst().equals("worker") ? WHEN_IDLE : List.of());
        command.add(Checkout.java());
        command.addAll(works ? LONG_COMMAND : SHORT_COMMAND);
        command.addAll(List.of(
                "-Xmx" + heapMebibytes + "m",
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
