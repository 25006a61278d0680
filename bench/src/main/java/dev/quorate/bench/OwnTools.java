package dev.quorate.bench;

import dev.quorate.bench.contender.Cluster;
import dev.quorate.bench.contender.OwnTool;
import dev.quorate.bench.report.ToolFigure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the benchmarks that systems come with say of the same clusters: a check on our own load generators. */
final class OwnTools {
    private static final Pattern PER_SECOND =
            Pattern.compile("Requests/sec:\\s+([\\d.]+)|([\\d.]+) requests per second");
    private static final Pattern P50 = Pattern.compile("50% in ([\\d.]+) secs|p50=([\\d.]+) msec");
    private static final Pattern P99 = Pattern.compile("99% in ([\\d.]+) secs|p99=([\\d.]+) msec");
    private static final double[] MICROS = {1e6, 1e3};
    private static final double[] ONE = {1, 1};

    private OwnTools() {}

    /**
     * Runs those of a cluster.
     *
     * @param onMissing told in words of those that could not be run
     */
    static List<ToolFigure> run(String system, Cluster cluster, Consumer<String> onMissing)
            throws IOException, InterruptedException {
        List<ToolFigure> figures = new ArrayList<>();
        for (OwnTool tool : cluster.ownTools()) {
            if (!tool.present()) {
                onMissing.accept(tool.name() + " is not on this machine");
                continue;
            }
            Process process =
                    new ProcessBuilder(tool.command()).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() == 0) {
                figures.add(parse(system, tool.name(), tool.callers(), output));
            } else {
                onMissing.accept(tool.name() + " failed: " + output.strip());
            }
        }
        return figures;
    }

    /** From what the tool printed. Progress is written over by carriage returns: what counts is what stays. */
    static ToolFigure parse(String system, String tool, int callers, String output) {
        return new ToolFigure(
                system,
                tool,
                callers,
                last(PER_SECOND, ONE, output),
                last(P50, MICROS, output),
                last(P99, MICROS, output));
    }

    /** The last match's group that matched, times that group's factor; 0 when there is none. */
    private static double last(Pattern pattern, double[] factors, String output) {
        double value = 0;
        Matcher matcher = pattern.matcher(output);
        while (matcher.find()) {
            int group = matcher.group(1) != null ? 1 : 2;
            value = Double.parseDouble(matcher.group(group)) * factors[group - 1];
        }
        return value;
    }
}
