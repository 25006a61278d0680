package dev.quorate.operator.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.crds.MapReduceJob;
import dev.quorate.mapreduce.table.JobTable;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CleanupTest {
    private static final MapReduceJob JOB = Jobs.example();
    private static final Stored COORDINATED = new Stored.Coordinated(1, Optional.empty());
    private static final Job CLEANUP = Coordinators.cleanup(JobIdentity.of(JOB), JOB.getSpec(), Jobs.DEFAULTS);
    private static final Pod WORKER = Jobs.pod("w", JobIdentity.WORKER, "Running", null, null);

    private static Cleanup.Step next(Stored stored, long seconds, Optional<Job> cleanup, Pod... pods) {
        return Cleanup.next(
                new JobSituation(JOB, Optional.empty(), Optional.empty(), cleanup, List.of(pods), stored),
                Duration.ofSeconds(seconds));
    }

    private static Cleanup.Step next(Stored stored) {
        return next(stored, 1, Optional.empty());
    }

    @Test
    void nobodyWritesAnyMoreBeforeAnythingIsRemoved() {
        assertThat(Cleanup.next(Jobs.situation(JOB, COORDINATED), Duration.ZERO))
                .isEqualTo(Cleanup.Step.REMOVE_PODS);
        assertThat(next(COORDINATED, 1, Optional.empty(), WORKER)).isEqualTo(Cleanup.Step.WAIT);
        assertThat(next(COORDINATED, 1, Optional.empty(), Jobs.pod("w", JobIdentity.WORKER, "Failed", null, null)))
                .isEqualTo(Cleanup.Step.RUN_CLEANUP);
        assertThat(next(COORDINATED, 60, Optional.empty(), WORKER))
                .as("a pod of a lost node may stay for ever")
                .isEqualTo(Cleanup.Step.RUN_CLEANUP);
    }

    @Test
    void whatIsHalfWrittenGoesBeforeTheState() {
        assertThat(next(COORDINATED)).isEqualTo(Cleanup.Step.RUN_CLEANUP);
        assertThat(next(Jobs.ended(false, "why", 3))).isEqualTo(Cleanup.Step.RUN_CLEANUP);
        assertThat(next(COORDINATED, 1, Optional.of(CLEANUP))).isEqualTo(Cleanup.Step.WAIT);
        assertThat(next(new Stored.Absent(), 1, Optional.of(CLEANUP))).isEqualTo(Cleanup.Step.RELEASE);
    }

    @Test
    void outputThatIsWholeStays() {
        assertThat(next(Jobs.ended(true, "", 3))).isEqualTo(Cleanup.Step.FORGET);
    }

    @Test
    void whereNothingWasWrittenNothingIsRun() {
        assertThat(next(new Stored.Submitted())).isEqualTo(Cleanup.Step.FORGET);
        Stored.Ended ended = Jobs.ended(false, "no such class", 0);
        assertThat(next(new Stored.Ended(0, new JobTable.Outcome(false, "no such class"), ended.totals())))
                .isEqualTo(Cleanup.Step.FORGET);
        assertThat(next(new Stored.Absent())).isEqualTo(Cleanup.Step.RELEASE);
    }

    @Test
    void nothingHoldsTheResourceForLong() {
        assertThat(next(new Stored.Unreachable(Stored.Unreachable.NO_CLUSTER, "")))
                .isEqualTo(Cleanup.Step.RELEASE);
        Stored silent = new Stored.Unreachable(Stored.Unreachable.NO_ANSWER, "");
        assertThat(next(silent)).isEqualTo(Cleanup.Step.WAIT);
        assertThat(next(silent, 91, Optional.empty())).isEqualTo(Cleanup.Step.RELEASE);
        assertThat(next(COORDINATED, 91, Optional.of(CLEANUP))).isEqualTo(Cleanup.Step.FORGET);
        assertThat(next(COORDINATED, 1, Optional.of(Jobs.with(CLEANUP, "Failed"))))
                .isEqualTo(Cleanup.Step.FORGET);
    }
}
