package dev.quorate.operator.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.crds.MapReduceJob;
import dev.quorate.crds.MapReducePhase;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobPlannerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
    private static final Stored COORDINATED = new Stored.Coordinated(1, Optional.empty());

    @Test
    void aNewJobIsSubmittedBeforeAnyPodIsMade() {
        assertThat(JobPlanner.steps(Jobs.situation(Jobs.example(), new Stored.Absent()), NOW))
                .containsExactly(new JobStep.Submit(), new JobStep.ApplyWorkers(), new JobStep.ApplyCoordinator(true));
    }

    @Test
    void withoutACauseNothingIsDone() {
        assertThat(JobPlanner.steps(
                        Jobs.situation(Jobs.example(), new Stored.Unreachable("ClusterNotFound", "none")), NOW))
                .isEmpty();
        assertThat(JobPlanner.steps(Jobs.situation(Jobs.example(), Jobs.ended(true, "", 3)), NOW))
                .isEmpty();
    }

    @Test
    void aJobWhoseStateIsGoneIsNotSubmittedAgain() {
        MapReduceJob job = Jobs.with(Jobs.status(MapReducePhase.Mapping, null));
        assertThat(JobPlanner.steps(Jobs.situation(job, new Stored.Absent()), NOW))
                .isEmpty();
    }

    @Test
    void aSuspendedJobHasNoCoordinator() {
        assertThat(JobPlanner.steps(Jobs.situation(Jobs.suspended(), COORDINATED), NOW))
                .contains(new JobStep.ApplyCoordinator(false));
        MapReduceJob job = Jobs.example();
        Job queued = Jobs.workers(job);
        queued.getSpec().setSuspend(true);
        JobSituation byQueue =
                new JobSituation(job, Optional.of(queued), Optional.empty(), Optional.empty(), List.of(), COORDINATED);
        assertThat(JobPlanner.steps(byQueue, NOW)).contains(new JobStep.ApplyCoordinator(false));
    }

    @Test
    void aJobWhoseWorkersAllDiedTooOftenIsEndedWithTheLastDeath() {
        MapReduceJob job = Jobs.example();
        Pod dead = new PodBuilder(Jobs.pod("wordcount-workers-1-x", JobIdentity.WORKER, "Failed", null, null))
                .editStatus()
                .addNewContainerStatus()
                .withNewState()
                .withNewTerminated()
                .withExitCode(137)
                .withReason("OOMKilled")
                .withMessage("a line\nthe last line\n")
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
        JobSituation situation = new JobSituation(
                job,
                Optional.of(Jobs.with(Jobs.workers(job), "Failed")),
                Optional.empty(),
                Optional.empty(),
                List.of(dead),
                COORDINATED);
        assertThat(JobPlanner.steps(situation, NOW))
                .contains(
                        new JobStep.Fail(
                                "the workers died too often: the last one, pod wordcount-workers-1-x, ended with status 137 (OOMKilled): the last line"));
    }

    @Test
    void aDiskThatIsTooSmallTimeAndAgainEndsTheJob() {
        Pod evicted = Jobs.pod(
                "wordcount-workers-0-x",
                JobIdentity.WORKER,
                "Failed",
                "Evicted",
                "Usage of EmptyDir volume \"work\" exceeds the limit \"64Mi\".");
        assertThat(JobPlanner.steps(Jobs.situation(Jobs.example(), COORDINATED, evicted, evicted), NOW))
                .noneMatch(JobStep.Fail.class::isInstance);
        assertThat(JobPlanner.steps(Jobs.situation(Jobs.example(), COORDINATED, evicted, evicted, evicted), NOW))
                .anySatisfy(step -> assertThat(step.toString()).contains("larger than spec.workers.scratch", "64Mi"));
    }

    @Test
    void afterTheEndTheCoordinatorGoesAtOnceAndWorkersThatStayLater() {
        MapReduceJob job = Jobs.with(Jobs.status(MapReducePhase.Succeeded, "2026-01-01T00:59:30Z"));
        JobSituation situation = Jobs.situation(job, new Stored.Unasked());
        assertThat(JobPlanner.steps(situation, NOW)).containsExactly(new JobStep.RemoveCoordinator());
        assertThat(JobPlanner.steps(situation, NOW.plusSeconds(40)))
                .containsExactly(new JobStep.RemoveCoordinator(), new JobStep.RemoveWorkers());
        JobSituation done = new JobSituation(
                job,
                Optional.of(Jobs.with(Jobs.workers(job), "Complete")),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                new Stored.Unasked());
        assertThat(JobPlanner.steps(done, NOW.plusSeconds(400))).isEmpty();
    }

    @Test
    void aJobThatHasOutlivedItsTimeIsDeleted() {
        String yaml = Serialization.asYaml(Jobs.with(Jobs.status(MapReducePhase.Failed, "2026-01-01T00:59:30Z")));
        MapReduceJob job = Serialization.unmarshal(
                yaml.replace("suspend: false", "suspend: false\n  ttlSecondsAfterFinished: 60"), MapReduceJob.class);
        JobSituation situation = Jobs.situation(job, new Stored.Unasked());
        assertThat(JobPlanner.steps(situation, NOW)).doesNotContain(new JobStep.DeleteResource());
        assertThat(JobPlanner.steps(situation, NOW.plusSeconds(30))).contains(new JobStep.DeleteResource());
    }
}
