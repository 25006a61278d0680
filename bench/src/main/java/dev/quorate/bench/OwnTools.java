package dev.quorate.bench;

import dev.quorate.bench.contender.Cluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the benchmarks that systems come with say of the same clusters: a check on our own load generators. */
final class OwnTools {
    private static final Pattern TELLING = Pattern.compile("Requests/sec|50% in|99% in|requests per second");

    private OwnTools() {}

    /** Runs those of a cluster. Returns a line for each. */
    static List<String> run(Cluster cluster) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (List<String> command : cluster.ownTools()) {
            Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = tool.waitFor();
            lines.add("`" + words(command) + "`: " + (status == 0 ? figures(output) : "status " + status));
        }
        return lines;
    }

    /** Without the path of the program and the addresses. */
    private static String words(List<String> command) {
        return Path.of(command.getFirst()).getFileName() + " "
                + command.stream()
                        .skip(1)
                        .filter(word -> !word.startsWith("--endpoints"))
                        .collect(Collectors.joining(" "));
    }

    /** Progress is written over by carriage returns: what counts is what stays. */
    static String figures(String output) {
        return output.lines()
                .map(line -> line.substring(line.lastIndexOf('\r') + 1).strip())
                .filter(line -> TELLING.matcher(line).find())
                .map(line -> line.replaceAll("\\s+", " "))
                .collect(Collectors.joining("; "));
    }
}
