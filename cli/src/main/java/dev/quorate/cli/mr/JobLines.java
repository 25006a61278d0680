package dev.quorate.cli.mr;

import dev.quorate.mapreduce.schedule.JobStatus;
import dev.quorate.mapreduce.schedule.JobStatus.PhaseStatus;
import dev.quorate.mapreduce.schedule.TaskId.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A job's status in lines. */
final class JobLines {
    private JobLines() {}

    static String headline(JobStatus status) {
        PhaseStatus map = status.phases().get(Kind.MAP);
        PhaseStatus reduce = status.phases().get(Kind.REDUCE);
        return "%-7s maps %d/%d (%.0f %%)  reduces %d/%d (%.0f %%)%s"
                .formatted(
                        status.phase().label(),
                        map.committed(),
                        map.total(),
                        100 * map.progress(),
                        reduce.committed(),
                        reduce.total(),
                        100 * reduce.progress(),
                        status.skippedRecords() == 0 ? "" : "  skipped records " + status.skippedRecords());
    }

    /** What runs, and what failed and is tried again. */
    static List<String> attempts(JobStatus status) {
        List<String> lines = new ArrayList<>();
        status.phases()
                .values()
                .forEach(phase -> phase.failures()
                        .forEach((task, count) ->
                                lines.add("  %-20s failed %d times, and is tried again".formatted(task, count))));
        for (JobStatus.AttemptStatus attempt : status.running()) {
            lines.add("  %-20s %3.0f %%  %,d records, %d s%s%s%s%s"
                    .formatted(
                            attempt.attempt(),
                            100 * attempt.progress(),
                            attempt.records(),
                            attempt.runMillis() / 1000,
                            attempt.worker().isEmpty() ? "" : "  on " + attempt.worker(),
                            attempt.straggler() ? "  straggler" : "",
                            attempt.backup() ? "  backup" : "",
                            attempt.status().isEmpty() ? "" : "  " + attempt.status()));
        }
        return lines;
    }

    static List<String> counters(Map<String, ? extends Map<String, Long>> counters) {
        List<String> lines = new ArrayList<>();
        counters.forEach((group, names) -> {
            lines.add(group);
            names.forEach((name, n) -> lines.add("  %-24s %,d".formatted(name, n)));
        });
        return lines;
    }
}
