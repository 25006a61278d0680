package dev.quorate.operator.mapreduce;

import static java.util.Comparator.comparing;

import dev.quorate.crds.MapReduceJobStatus;
import dev.quorate.crds.MapReduceJobStatus.FailingTask;
import dev.quorate.crds.MapReduceJobStatus.JobCounter;
import dev.quorate.crds.MapReduceJobStatus.Straggler;
import dev.quorate.crds.MapReducePhase;
import dev.quorate.mapreduce.coordinator.StatusReply;
import dev.quorate.mapreduce.schedule.JobStatus;
import dev.quorate.mapreduce.schedule.JobStatus.AttemptStatus;
import dev.quorate.mapreduce.schedule.JobStatus.PhaseStatus;
import dev.quorate.mapreduce.schedule.TaskId.Kind;
import dev.quorate.mapreduce.table.JobTable;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes a MapReduceJob's status. What can't be known at the moment stays as it was last known; what has ended stays as it ended. */
public final class JobStatuses {
    private static final int SLOWEST_MAX = 10;
    private static final int FAILING_MAX = 10;
    private static final int COUNTERS_MAX = 64;
    private static final int SAYS_MAX = 200;

    private JobStatuses() {}

    /** Counters as they are shown, and how many there are besides. */
    private record Shown(List<JobCounter> counters, Integer omitted) {}

    public static MapReduceJobStatus of(JobSituation situation, Instant now) {
        MapReduceJobStatus before = situation.before();
        if (situation.endedBefore()) {
            return answering(before, generation(situation));
        }
        String moment = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return switch (situation.stored()) {
            case Stored.Ended ended -> ended(situation, ended, now, moment);
            case Stored.Absent absent
            when situation.submittedBefore() ->
                finish(situation, JobConditions.stateLost(situation), before, null, now, moment);
            case Stored.Coordinated(int epoch, Optional<StatusReply> reply)
            when reply.isPresent() && !situation.suspended() -> running(situation, epoch, reply.get(), now, moment);
            case Stored.Coordinated coordinated -> waiting(situation, before.phase(), coordinated.epoch(), now, moment);
            case Stored.Unasked unasked -> before; // of jobs that ended before: see above
            case Stored.Unreachable unreachable -> waiting(situation, before.phase(), null, now, before.startTime());
            case Stored.Absent absent -> waiting(situation, MapReducePhase.Pending, null, now, null);
            case Stored.Submitted submitted -> waiting(situation, MapReducePhase.Pending, null, now, moment);
        };
    }

    /** The same of another generation, for what can be changed of a job that has ended changes nothing of how it did. */
    private static MapReduceJobStatus answering(MapReduceJobStatus ended, long generation) {
        if (Objects.equals(ended.observedGeneration(), generation)) {
            return ended;
        }
        return new MapReduceJobStatus(
                ended.phase(),
                ended.job(),
                ended.maps(),
                ended.reduces(),
                ended.workers(),
                ended.stragglers(),
                ended.slowest(),
                ended.failing(),
                ended.skippedRecords(),
                ended.counters(),
                ended.countersOmitted(),
                ended.coordinators(),
                ended.startTime(),
                ended.completionTime(),
                Objects.requireNonNullElse(ended.conditions(), List.<Condition>of()).stream()
                        .map(condition -> new ConditionBuilder(condition)
                                .withObservedGeneration(generation)
                                .build())
                        .toList(),
                generation,
                ended.message());
    }

    /** Nothing new of its tasks is known. */
    private static MapReduceJobStatus waiting(
            JobSituation situation, MapReducePhase phase, Integer coordinators, Instant now, String started) {
        MapReduceJobStatus before = situation.before();
        MapReducePhase shown = situation.suspended()
                ? MapReducePhase.Suspended
                : phase == null || phase == MapReducePhase.Suspended ? MapReducePhase.Pending : phase;
        JobConditions.Told told = JobConditions.of(situation, shown, "", now);
        return new MapReduceJobStatus(
                shown,
                storedName(situation),
                before.maps(),
                before.reduces(),
                workers(situation),
                Objects.requireNonNullElse(before.stragglers(), 0),
                before.slowest(),
                before.failing(),
                before.skippedRecords(),
                before.counters(),
                before.countersOmitted(),
                coordinators == null ? before.coordinators() : coordinators,
                before.startTime() == null ? started : before.startTime(),
                null,
                told.conditions(),
                generation(situation),
                told.message());
    }

    private static MapReduceJobStatus running(
            JobSituation situation, int epoch, StatusReply reply, Instant now, String moment) {
        MapReduceJobStatus before = situation.before();
        JobStatus status = reply.status();
        MapReducePhase phase = switch (status.phase()) {
            case MAP -> MapReducePhase.Mapping;
            case REDUCE -> MapReducePhase.Reducing;
            case PUBLISH -> MapReducePhase.Publishing;
        };
        List<AttemptStatus> stragglers =
                status.running().stream().filter(AttemptStatus::straggler).toList();
        Shown counters = shown(reply.counters());
        JobConditions.Told told = JobConditions.of(situation, phase, progress(status), now);
        return new MapReduceJobStatus(
                phase,
                storedName(situation),
                ratio(status.phases().get(Kind.MAP)),
                ratio(status.phases().get(Kind.REDUCE)),
                workers(situation),
                stragglers.size(),
                none(stragglers.stream()
                        .sorted(comparing(AttemptStatus::progress))
                        .limit(SLOWEST_MAX)
                        .map(JobStatuses::straggler)
                        .toList()),
                none(failing(status)),
                status.skippedRecords(),
                counters.counters(),
                counters.omitted(),
                epoch,
                before.startTime() == null ? moment : before.startTime(),
                null,
                told.conditions(),
                generation(situation),
                told.message());
    }

    private static MapReduceJobStatus ended(JobSituation situation, Stored.Ended ended, Instant now, String moment) {
        JobTable.Totals totals = ended.totals();
        Shown counters = shown(totals.counters());
        int reducers = situation.job().getSpec().reducers();
        MapReduceJobStatus last = new MapReduceJobStatus(
                null,
                null,
                totals.committedMaps() + "/" + totals.maps(),
                totals.committedReduces() + "/" + reducers,
                null,
                null,
                null,
                null,
                totals.skippedRecords(),
                counters.counters(),
                counters.omitted(),
                ended.epoch() == 0 ? null : ended.epoch(),
                situation.before().startTime(),
                null,
                null,
                null,
                null);
        return finish(situation, JobConditions.end(situation, ended), last, ended, now, moment);
    }

    /** @param last numbers that stay */
    private static MapReduceJobStatus finish(
            JobSituation situation,
            JobConditions.End end,
            MapReduceJobStatus last,
            Stored.Ended ended,
            Instant now,
            String moment) {
        boolean succeeded = ended != null && ended.outcome().succeeded();
        return new MapReduceJobStatus(
                succeeded ? MapReducePhase.Succeeded : MapReducePhase.Failed,
                storedName(situation),
                last.maps(),
                last.reduces(),
                "0/" + situation.job().getSpec().workers().count(),
                0,
                null,
                null,
                last.skippedRecords(),
                last.counters(),
                last.countersOmitted(),
                last.coordinators(),
                last.startTime() == null ? moment : last.startTime(),
                moment,
                JobConditions.ended(situation, succeeded, end, now),
                generation(situation),
                end.message());
    }

    private static Straggler straggler(AttemptStatus attempt) {
        return new Straggler(
                attempt.attempt().toString(),
                (int) (100 * attempt.progress()),
                attempt.records(),
                attempt.runMillis() / 1000,
                says(attempt.status()));
    }

    private static String says(String status) {
        return status == null || status.isEmpty() ? null : status.substring(0, Math.min(status.length(), SAYS_MAX));
    }

    private static List<FailingTask> failing(JobStatus status) {
        return status.phases().values().stream()
                .flatMap(phase -> phase.failures().entrySet().stream())
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(FAILING_MAX)
                .map(entry -> new FailingTask(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Shown shown(Map<String, ? extends Map<String, Long>> counters) {
        List<JobCounter> all = new ArrayList<>();
        counters.forEach((group, names) -> names.forEach((name, value) -> all.add(new JobCounter(group, name, value))));
        return new Shown(
                none(all.stream().limit(COUNTERS_MAX).toList()),
                all.size() > COUNTERS_MAX ? all.size() - COUNTERS_MAX : null);
    }

    private static String progress(JobStatus status) {
        PhaseStatus phase = status.phases().get(status.phase());
        String what = switch (status.phase()) {
            case MAP -> "map tasks";
            case REDUCE -> "reduce tasks";
            case PUBLISH -> "publish tasks";
        };
        return "%d of %d %s are committed, %d run".formatted(phase.committed(), phase.total(), what, phase.running());
    }

    private static String ratio(PhaseStatus phase) {
        return phase.committed() + "/" + phase.total();
    }

    private static String storedName(JobSituation situation) {
        return JobIdentity.of(situation.job()).storedName();
    }

    private static String workers(JobSituation situation) {
        long running = Stream.ofNullable(situation.podsOf(JobIdentity.WORKER))
                .flatMap(List::stream)
                .filter(pod -> pod.getStatus() != null
                        && "Running".equals(pod.getStatus().getPhase())
                        && pod.getMetadata().getDeletionTimestamp() == null)
                .count();
        return running + "/" + situation.job().getSpec().workers().count();
    }

    private static long generation(JobSituation situation) {
        return Objects.requireNonNullElse(situation.job().getMetadata().getGeneration(), 0L);
    }

    /** An empty list is not shown. */
    private static <T> List<T> none(List<T> list) {
        return list.isEmpty() ? null : list;
    }

    static Optional<Condition> condition(MapReduceJobStatus status, String type) {
        return Objects.requireNonNullElse(status.conditions(), List.<Condition>of()).stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }
}
