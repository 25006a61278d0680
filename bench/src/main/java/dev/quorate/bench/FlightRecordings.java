package dev.quorate.bench;

import dev.quorate.bench.contender.Cluster;
import dev.quorate.bench.report.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Records Quorate's members with JFR while they are measured, one file for each member and cell. */
final class FlightRecordings implements Comparison.Probe {
    static final Comparison.Probe NONE = new Comparison.Probe() {
        @Override
        public void begin(Cluster cluster, Cell cell) {}

        @Override
        public void end(Cluster cluster, Cell cell) {}
    };

    private final Path folder;

    FlightRecordings(Path folder) {
        this.folder = folder;
    }

    @Override
    public void begin(Cluster cluster, Cell cell) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        command(cluster, cell, "JFR.start", "settings=profile");
    }

    @Override
    public void end(Cluster cluster, Cell cell) throws IOException, InterruptedException {
        command(cluster, cell, "JFR.stop");
    }

    private void command(Cluster cluster, Cell cell, String order, String... arguments)
            throws IOException, InterruptedException {
        if (!cell.system().startsWith("quorate")) {
            return;
        }
        for (int member = 0; member < cluster.members().size(); member++) {
            Path file = folder.resolve(
                    cell.system() + "-" + cell.workload().label() + "-" + cell.callers() + "-member" + member + ".jfr");
            command(cluster.members().get(member).pid(), file, order, arguments);
        }
    }

    /** Records a process until {@link #stop}. */
    static void start(long pid, Path file) throws IOException, InterruptedException {
        command(pid, file, "JFR.start", "settings=profile");
    }

    static void stop(long pid, Path file) throws IOException, InterruptedException {
        command(pid, file, "JFR.stop");
    }

    private static void command(long pid, Path file, String order, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                order,
                "name=bench",
                "filename=" + file));
        command.addAll(List.of(arguments));
        new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
    }
}
