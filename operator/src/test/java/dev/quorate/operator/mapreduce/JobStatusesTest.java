package dev.quorate.operator.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.quorate.crds.MapReduceJob;
import dev.quorate.crds.MapReduceJobStatus;
import dev.quorate.crds.MapReduceJobStatus.FailingTask;
import dev.quorate.crds.MapReduceJobStatus.JobCounter;
import dev.quorate.crds.MapReducePhase;
import dev.quorate.operator.status.Milestones.Milestone;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobStatusesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static MapReduceJobStatus of(Stored stored) {
        return JobStatuses.of(Jobs.situation(Jobs.example(), stored), NOW);
    }

    private static MapReduceJobStatus after(MapReduceJobStatus before, Stored stored) {
        return JobStatuses.of(Jobs.situation(Jobs.with(before), stored), NOW);
    }

    private static Condition condition(MapReduceJobStatus status, String type) {
        return JobStatuses.condition(status, type).orElseThrow();
    }

    @Test
    void aCoordinatorsWordIsShownWithinBounds() {
        MapReduceJobStatus status = of(new Stored.Coordinated(2, Optional.of(Jobs.mapping(12, 15, 70))));
        assertThat(status.phase()).isEqualTo(MapReducePhase.Mapping);
        assertThat(status.maps()).isEqualTo("12/40");
        assertThat(status.reduces()).isEqualTo("0/4");
        assertThat(status.stragglers()).isEqualTo(15);
        assertThat(status.slowest()).hasSize(10);
        assertThat(status.slowest().getFirst().attempt()).isEqualTo("map-00000.e1.a1");
        assertThat(status.slowest().getFirst().says()).hasSize(200);
        assertThat(status.slowest().getLast().says()).isNull();
        assertThat(status.failing()).containsExactly(new FailingTask("map-00007", 2));
        assertThat(status.counters()).hasSize(64);
        assertThat(status.countersOmitted()).isEqualTo(6);
        assertThat(status.skippedRecords()).isEqualTo(3);
        assertThat(status.coordinators()).isEqualTo(2);
        assertThat(status.job()).isEqualTo("wordcount-" + Jobs.UID);
        assertThat(status.message()).isEqualTo("12 of 40 map tasks are committed, 15 run");
        assertThat(status.conditions())
                .extracting(Condition::getType, Condition::getStatus, Condition::getReason)
                .containsExactly(
                        tuple("Complete", "False", "Mapping"),
                        tuple("Failed", "False", "Mapping"),
                        tuple("Suspended", "False", "NotSuspended"),
                        tuple("Degraded", "False", "AsExpected"));
    }

    @Test
    void whileACoordinatorIsAwayWhatWasKnownStays() {
        MapReduceJobStatus before = of(new Stored.Coordinated(1, Optional.of(Jobs.mapping(12, 0, 2))));
        MapReduceJobStatus status = after(before, new Stored.Coordinated(1, Optional.empty()));
        assertThat(status.phase()).isEqualTo(MapReducePhase.Mapping);
        assertThat(status.maps()).isEqualTo("12/40");
        assertThat(status.counters()).isEqualTo(before.counters());
        assertThat(condition(status, "Degraded").getReason()).isEqualTo("CoordinatorAway");
        MapReduceJobStatus next = after(status, new Stored.Coordinated(2, Optional.of(Jobs.mapping(13, 0, 2))));
        assertThat(condition(next, "Degraded").getStatus()).isEqualTo("False");
        assertThat(JobMilestones.of(status, next))
                .containsExactly(new Milestone(
                        false, "CoordinatorReplaced", "coordinator 2 goes on from maps 13/40, reduces 0/4"));
    }

    @Test
    void phasesThatPassedBetweenTwoLooksAreToldInOrder() {
        MapReduceJobStatus pending = of(new Stored.Submitted());
        MapReduceJobStatus mapping = of(new Stored.Coordinated(1, Optional.of(Jobs.mapping(12, 0, 2))));
        MapReduceJobStatus succeeded = of(Jobs.ended(true, "", 40));
        assertThat(JobMilestones.of(pending, mapping))
                .extracting(Milestone::reason)
                .containsExactly("Mapping");
        assertThat(JobMilestones.of(pending, succeeded))
                .extracting(Milestone::reason)
                .containsExactly("Mapping", "Reducing", "Publishing", "Succeeded");
        assertThat(JobMilestones.of(mapping, succeeded))
                .extracting(Milestone::reason)
                .containsExactly("Reducing", "Publishing", "Succeeded");
        assertThat(JobMilestones.of(mapping, succeeded).getFirst().words())
                .isEqualTo("over by now: maps 40/40, reduces 4/4");
        MapReduceJob suspended = Jobs.suspended();
        suspended.setStatus(mapping);
        MapReduceJobStatus held =
                JobStatuses.of(Jobs.situation(suspended, new Stored.Coordinated(1, Optional.empty())), NOW);
        assertThat(JobMilestones.of(held, succeeded))
                .as("what it went through before it was held was told then")
                .extracting(Milestone::reason)
                .containsExactly("Succeeded");
    }

    @Test
    void anEndedJobStaysAsItEnded() {
        MapReduceJobStatus status = of(Jobs.ended(true, "", 40));
        assertThat(status.phase()).isEqualTo(MapReducePhase.Succeeded);
        assertThat(status.maps()).isEqualTo("40/40");
        assertThat(status.reduces()).isEqualTo("4/4");
        assertThat(status.counters()).containsExactly(new JobCounter("job", "map input records", 9));
        assertThat(status.completionTime()).isEqualTo("2026-01-01T01:00:00Z");
        assertThat(condition(status, "Complete").getStatus()).isEqualTo("True");
        assertThat(status.message()).contains("count:" + Jobs.UID, "cluster demo");
        assertThat(after(status, new Stored.Unasked())).isEqualTo(status);
        assertThat(after(status, new Stored.Unreachable("OperatorCannotAct", "no")))
                .isEqualTo(status);
    }

    @Test
    void anEndedJobAnswersToTheSpecAsItIsByNow() {
        MapReduceJob job = Jobs.with(of(Jobs.ended(true, "", 40)));
        job.getMetadata().setGeneration(7L);
        MapReduceJobStatus status = JobStatuses.of(Jobs.situation(job, new Stored.Unasked()), NOW.plusSeconds(9));
        assertThat(status.observedGeneration()).isEqualTo(7);
        assertThat(status.completionTime()).isEqualTo("2026-01-01T01:00:00Z");
        assertThat(condition(status, "Complete").getObservedGeneration()).isEqualTo(7);
        assertThat(condition(status, "Complete").getStatus()).isEqualTo("True");
    }

    @Test
    void aFailureSaysOfWhichKindItIs() {
        assertThat(failure("class demo.Split is not there", 0)).isEqualTo("NotRunnable");
        assertThat(failure("map-00003 failed 4 times", 40)).isEqualTo("TaskFailed");
        assertThat(failure("the workers died too often: ...", 40)).isEqualTo("WorkersFailed");
        assertThat(failure("map outputs are larger than spec.workers.scratch: ...", 40))
                .isEqualTo("ScratchFull");
    }

    private static String failure(String reason, int maps) {
        MapReduceJobStatus status = of(Jobs.ended(false, reason, maps));
        assertThat(status.phase()).isEqualTo(MapReducePhase.Failed);
        assertThat(condition(status, "Failed").getStatus()).isEqualTo("True");
        assertThat(condition(status, "Failed").getMessage()).isEqualTo(reason);
        assertThat(JobMilestones.of(null, status))
                .containsExactly(new Milestone(true, condition(status, "Failed").getReason(), reason));
        return condition(status, "Failed").getReason();
    }

    @Test
    void aMissingClusterIsSaidAndTheJobIsPending() {
        MapReduceJobStatus status = of(new Stored.Unreachable(Stored.Unreachable.NO_CLUSTER, "there is none"));
        assertThat(status.phase()).isEqualTo(MapReducePhase.Pending);
        assertThat(condition(status, "Degraded").getReason()).isEqualTo("ClusterNotFound");
        assertThat(status.message()).isEqualTo("there is none");
        assertThat(status.startTime()).as("nothing was submitted").isNull();
        assertThat(JobMilestones.of(null, status))
                .containsExactly(new Milestone(true, "ClusterNotFound", "there is none"));
        assertThat(JobMilestones.of(status, status)).isEmpty();
    }

    @Test
    void aSuspendedJobSaysByWhom() {
        MapReduceJobStatus status =
                JobStatuses.of(Jobs.situation(Jobs.suspended(), new Stored.Coordinated(1, Optional.empty())), NOW);
        assertThat(status.phase()).isEqualTo(MapReducePhase.Suspended);
        assertThat(condition(status, "Suspended").getReason()).isEqualTo("SuspendedBySpec");
        assertThat(condition(status, "Degraded").getStatus()).isEqualTo("False");
        assertThat(after(status, new Stored.Submitted()).phase()).isEqualTo(MapReducePhase.Pending);
    }

    @Test
    void aLostStateFailsTheJob() {
        MapReduceJobStatus status = after(Jobs.status(MapReducePhase.Mapping, null), new Stored.Absent());
        assertThat(condition(status, "Failed").getReason()).isEqualTo("StateLost");
        assertThat(status.maps()).as("as far as it was").isEqualTo("3/40");
    }
}
