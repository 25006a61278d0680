package dev.quorate.operator;

import dev.quorate.crds.MapReduceJob;
import dev.quorate.crds.MapReduceJobStatus;
import dev.quorate.crds.MapReducePhase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code quorate.mapreduce.jobs} by phase, {@code quorate.mapreduce.jobs.ended} by how, and of jobs that have not ended {@code quorate.mapreduce.tasks.committed}
 * by kind and {@code quorate.mapreduce.stragglers}.
 */
@ApplicationScoped
class JobMetrics {
    private final MeterRegistry registry;
    private final MultiGauge jobs;
    private final MultiGauge committed;
    private final MultiGauge stragglers;

    JobMetrics(MeterRegistry registry) {
        this.registry = registry;
        jobs = MultiGauge.builder("quorate.mapreduce.jobs")
                .description("MapReduceJobs in a phase")
                .register(registry);
        committed = MultiGauge.builder("quorate.mapreduce.tasks.committed")
                .description("Committed tasks of a job that has not ended")
                .register(registry);
        stragglers = MultiGauge.builder("quorate.mapreduce.stragglers")
                .description("Attempts of a job that are much slower than others")
                .register(registry);
    }

    void ended(MapReducePhase phase) {
        registry.counter("quorate.mapreduce.jobs.ended", "phase", phase.name()).increment();
    }

    /** Shows these jobs, and no others any more. */
    synchronized void show(List<MapReduceJob> known) {
        jobs.register(
                Stream.of(MapReducePhase.values())
                        .map(phase -> Row.of(
                                Tags.of("phase", phase.name()),
                                known.stream()
                                        .filter(job -> phase(job) == phase)
                                        .count()))
                        .toList(),
                true);
        List<Row<?>> tasks = new ArrayList<>();
        List<Row<?>> slow = new ArrayList<>();
        for (MapReduceJob job : known) {
            MapReduceJobStatus status = job.getStatus();
            if (status != null && !phase(job).ended()) {
                Tags tags = Tags.of(
                        "namespace",
                        job.getMetadata().getNamespace(),
                        "job",
                        job.getMetadata().getName());
                tasks.add(Row.of(tags.and("kind", "map"), committed(status.maps())));
                tasks.add(Row.of(tags.and("kind", "reduce"), committed(status.reduces())));
                slow.add(Row.of(tags, status.stragglers() == null ? 0 : status.stragglers()));
            }
        }
        committed.register(tasks, true);
        stragglers.register(slow, true);
    }

    private static MapReducePhase phase(MapReduceJob job) {
        return job.getStatus() == null || job.getStatus().phase() == null
                ? MapReducePhase.Pending
                : job.getStatus().phase();
    }

    /** Of "12/40". */
    private static int committed(String ratio) {
        return ratio == null ? 0 : Integer.parseInt(ratio.substring(0, ratio.indexOf('/')));
    }
}
