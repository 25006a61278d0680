package dev.quorate.mapreduce.coordinator;

import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.job.Job;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.KeySample;
import dev.quorate.mapreduce.job.OutputDirectory;
import dev.quorate.mapreduce.table.JobTable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parts of a job: made by the coordinator that begins it, and read from the table by those after it. */
final class Planner {
    private Planner() {}

    /**
     * @param nodeByHost what workers call the nodes that the input's hosts are on
     * @throws JobException when the job can't be run; the table then says so too
     */
    static JobTable.Plan plan(JobTable table, JobSpec spec, Map<String, String> nodeByHost)
            throws JobException, IOException {
        Optional<JobTable.Plan> before = table.plan();
        if (before.isPresent()) {
            return before.get();
        }
        try (Job job = Job.open(spec)) {
            List<Split> splits = job.splits().stream()
                    .map(split -> split.onNodes(nodeByHost))
                    .toList();
            new OutputDirectory(spec.output(), table.id()).createOrContinue();
            table.plan(new JobTable.Plan(
                    splits,
                    spec.partition().equals("range") ? Optional.of(KeySample.cuts(job, splits)) : Optional.empty()));
        } catch (JobException e) {
            table.end(new JobTable.Outcome(false, e.getMessage()));
            throw e;
        }
        return table.plan().orElseThrow();
    }
}
