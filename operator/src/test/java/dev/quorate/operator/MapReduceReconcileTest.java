package dev.quorate.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterSpec;
import dev.quorate.crds.MapReduceJob;
import dev.quorate.crds.MapReduceJobStatus;
import dev.quorate.crds.MapReducePhase;
import dev.quorate.operator.mapreduce.JobIdentity;
import dev.quorate.operator.mapreduce.Jobs;
import dev.quorate.operator.mapreduce.Stored;
import dev.quorate.operator.resources.ClusterIdentity;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs, by the whole operator against an API server in memory; what the cluster and the coordinators say is played by the test. */
@QuarkusTest
@QuarkusTestResource(value = MockApiServer.class, restrictToAnnotatedClass = true)
class MapReduceReconcileTest {
    private static final String NAMESPACE = "test";
    private static final AtomicInteger JOBS = new AtomicInteger();

    @Inject
    KubernetesClient client;

    @Inject
    FakeStoredJobs storedJobs;

    @Inject
    MeterRegistry metrics;

    ApplyingDispatcher server;

    private String name;

    @BeforeEach
    void newJob() {
        name = "j" + JOBS.incrementAndGet();
        KVCluster cluster = new KVCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withNamespace(NAMESPACE)
                .withName("demo")
                .build());
        cluster.setSpec(new KVClusterSpec(1, 1, 4, null, null, null, null, null, null, null));
        client.resource(cluster).create();
    }

    @AfterEach
    void deleteAll() {
        if (job() != null) {
            stored().delete(); // what the pod that cleans up does
        }
        client.resources(MapReduceJob.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .delete();
        client.resources(KVCluster.class)
                .inNamespace(NAMESPACE)
                .withName("demo")
                .delete();
        until(() -> assertThat(job()).isNull());
    }

    @Test
    void aJobRunsToItsEndAndAfterItNothingIsWritten() {
        create();
        until(() -> assertThat(workers()).isNotNull());
        until(() -> assertThat(coordinator().getSpec().getReplicas()).isEqualTo(1));
        assertThat(stored().spec.input()).containsExactly("/texts/*.txt");
        assertThat(job().getMetadata().getFinalizers()).containsExactly("quorate.dev/mapreducejob");

        stored().stored = new Stored.Coordinated(1, Optional.of(Jobs.mapping(12, 3, 5)));
        until(() -> {
            assertThat(status().phase()).isEqualTo(MapReducePhase.Mapping);
            assertThat(status().maps()).isEqualTo("12/40");
            assertThat(status().stragglers()).isEqualTo(3);
            assertThat(metrics.get("quorate.mapreduce.tasks.committed")
                            .tags("job", name, "kind", "map")
                            .gauge()
                            .value())
                    .isEqualTo(12);
        });
        stored().stored = Jobs.ended(true, "", 40);
        until(() -> {
            assertThat(status().phase()).isEqualTo(MapReducePhase.Succeeded);
            assertThat(condition("Complete").getStatus()).isEqualTo("True");
            assertThat(coordinator()).isNull();
        });
        assertThat(workers()).as("its pods' logs can be read").isNotNull();
        assertThat(eventReasons()).contains("Mapping", "Succeeded");

        int writes = server.writes().size();
        edit("{\"metadata\":{\"labels\":{\"another\":\"pass\"}}}");
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).until(() -> {
            return server.writes().stream().skip(writes + 1).noneMatch(write -> write.contains(name));
        });
    }

    @Test
    void anUnchangedJobIsWrittenOnce() {
        create();
        stored().stored = new Stored.Coordinated(1, Optional.of(Jobs.mapping(1, 0, 1)));
        until(() -> assertThat(status().maps()).isEqualTo("1/40"));
        until(() -> assertThat(writesWithin(Duration.ofMillis(500))).isZero());
    }

    private long writesWithin(Duration time) throws InterruptedException {
        int before = server.writes().size();
        Thread.sleep(time);
        return server.writes().stream()
                .skip(before)
                .filter(write -> write.contains(name))
                .count();
    }

    @Test
    void aMissingClusterIsSaidAndMakingItIsEnough() {
        client.resources(KVCluster.class)
                .inNamespace(NAMESPACE)
                .withName("demo")
                .delete();
        create();
        until(() -> {
            assertThat(condition("Degraded").getReason()).isEqualTo("ClusterNotFound");
            assertThat(condition("Degraded").getMessage()).contains("no KVCluster demo");
            assertThat(status().phase()).isEqualTo(MapReducePhase.Pending);
        });
        assertThat(workers()).isNull();
        newCluster();
        until(() -> assertThat(workers()).isNotNull());
        until(() -> assertThat(condition("Degraded").getStatus()).isEqualTo("False"));
    }

    private void newCluster() {
        int number = JOBS.get();
        newJob();
        name = "j" + number;
    }

    @Test
    void aSilentClusterIsSaid() {
        create();
        until(() -> assertThat(workers()).isNotNull());
        stored().silent = true;
        until(() -> {
            assertThat(condition("Degraded").getReason()).isEqualTo("ClusterUnreachable");
            assertThat(condition("Degraded").getMessage()).contains("nobody answers");
        });
        stored().silent = false;
        until(() -> assertThat(condition("Degraded").getStatus()).isEqualTo("False"));
    }

    @Test
    void suspendTakesThePodsAndGivesThemBack() {
        create();
        stored().stored = new Stored.Coordinated(1, Optional.of(Jobs.mapping(12, 0, 1)));
        until(() -> assertThat(status().phase()).isEqualTo(MapReducePhase.Mapping));
        edit("{\"spec\":{\"suspend\":true}}");
        until(() -> {
            assertThat(workers().getSpec().getSuspend()).isTrue();
            assertThat(coordinator().getSpec().getReplicas()).isZero();
            assertThat(status().phase()).isEqualTo(MapReducePhase.Suspended);
            assertThat(status().maps()).as("what it has done stays").isEqualTo("12/40");
        });
        edit("{\"spec\":{\"suspend\":false}}");
        until(() -> {
            assertThat(workers().getSpec().getSuspend()).isNotEqualTo(true);
            assertThat(coordinator().getSpec().getReplicas()).isEqualTo(1);
            assertThat(status().phase()).isEqualTo(MapReducePhase.Mapping);
        });
    }

    @Test
    void aQueueThatHoldsTheWorkersHoldsTheJob() {
        create();
        until(() -> assertThat(workers()).isNotNull());
        setQueued(true);
        until(() -> {
            assertThat(condition("Suspended").getReason()).isEqualTo("SuspendedByQueue");
            assertThat(coordinator().getSpec().getReplicas()).isZero();
            assertThat(workers().getSpec().getSuspend()).isTrue();
        });
        setQueued(false);
        until(() -> assertThat(coordinator().getSpec().getReplicas()).isEqualTo(1));
    }

    private void setQueued(boolean held) {
        client.resource(workers())
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"suspend\":" + held + "}}");
    }

    @Test
    void moreWorkersAreAskedForWhileItRuns() {
        create();
        until(() -> assertThat(workers()).isNotNull());
        edit("{\"spec\":{\"workers\":{\"count\":5}}}");
        until(() -> {
            assertThat(workers().getSpec().getParallelism()).isEqualTo(5);
            assertThat(workers().getSpec().getCompletions()).isEqualTo(5);
        });
    }

    @Test
    void theCoordinatorIsToldWhereMembersRanWhenItWasMade() {
        Pod member = client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("demo-g1-0")
                        .addToLabels(ClusterIdentity.CLUSTER_LABEL, "demo")
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("worker-a")
                        .endSpec()
                        .build())
                .create();
        create(Jobs.overKeyspace());
        until(() -> assertThat(coordinator()).isNotNull());
        assertThat(told()).containsSequence("--nodes", "demo-g1-0.demo-peers.test.svc=worker-a");
        client.resource(member).delete();
        edit("{\"spec\":{\"suspend\":true}}");
        until(() -> assertThat(coordinator().getSpec().getReplicas()).isZero());
        assertThat(told()).as("its pod is not made anew when others move").contains("--nodes");
    }

    private List<String> told() {
        return coordinator()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getCommand();
    }

    @Test
    void workersThatDieTooOftenEndTheJob() {
        create();
        stored().stored = new Stored.Coordinated(1, Optional.of(Jobs.mapping(1, 0, 1)));
        until(() -> assertThat(workers()).isNotNull());
        client.resource(new JobBuilder(workers())
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Failed")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .updateStatus();
        until(() -> {
            assertThat(status().phase()).isEqualTo(MapReducePhase.Failed);
            assertThat(condition("Failed").getReason()).isEqualTo("WorkersFailed");
        });
    }

    @Test
    void deletionRemovesPodsThenWhatIsHalfWrittenThenTheState() {
        create();
        stored().stored = new Stored.Coordinated(1, Optional.of(Jobs.mapping(1, 0, 1)));
        until(() -> assertThat(coordinator()).isNotNull());
        FakeStoredJobs.Fake stored = stored();
        client.resource(job()).delete();
        until(() -> {
            assertThat(workers()).isNull();
            assertThat(coordinator()).isNull();
            assertThat(cleanup()).isNotNull();
        });
        assertThat(job()).as("as long as there is something left").isNotNull();
        stored.delete(); // what the cleanup's pod does
        until(() -> assertThat(job()).isNull());
        until(() -> assertThat(cleanup()).isNull());
    }

    @Test
    void deletionOfAJobThatSucceededLeavesItsOutput() {
        create();
        until(() -> assertThat(workers()).isNotNull());
        FakeStoredJobs.Fake stored = stored();
        stored.stored = Jobs.ended(true, "", 4);
        until(() -> assertThat(status().phase()).isEqualTo(MapReducePhase.Succeeded));
        client.resource(job()).delete();
        until(() -> assertThat(job()).isNull());
        assertThat(stored.stored).isEqualTo(new Stored.Absent());
        assertThat(server.writes()).noneMatch(write -> write.contains(name + "-cleanup"));
    }

    @Test
    void aJobThatHasOutlivedItsTimeGoes() {
        MapReduceJob job = create();
        edit("{\"spec\":{\"ttlSecondsAfterFinished\":0}}");
        storedJobs.of("", JobIdentity.of(job).storedName()).stored = Jobs.ended(true, "", 4);
        until(() -> assertThat(job()).isNull());
    }

    private MapReduceJob create() {
        return create(Jobs.example());
    }

    private MapReduceJob create(MapReduceJob job) {
        job.setMetadata(
                new ObjectMetaBuilder().withNamespace(NAMESPACE).withName(name).build());
        return client.resource(job).create();
    }

    private void edit(String patch) {
        client.resource(job()).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private static void until(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(assertion);
    }

    private MapReduceJob job() {
        return client.resources(MapReduceJob.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
    }

    private MapReduceJobStatus status() {
        MapReduceJob job = job();
        assertThat(job).isNotNull();
        assertThat(job.getStatus()).isNotNull();
        return job.getStatus();
    }

    private Condition condition(String type) {
        return status().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private FakeStoredJobs.Fake stored() {
        return storedJobs.of("", JobIdentity.of(job()).storedName());
    }

    private Job workers() {
        return jobNamed(name + "-workers");
    }

    private Job cleanup() {
        return jobNamed(name + "-cleanup");
    }

    private Job jobNamed(String jobName) {
        return client.batch()
                .v1()
                .jobs()
                .inNamespace(NAMESPACE)
                .withName(jobName)
                .get();
    }

    private Deployment coordinator() {
        return client.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(name + "-coordinator")
                .get();
    }

    private List<String> eventReasons() {
        return client.events().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(event -> event.getRegarding().getName().equals(name))
                .map(Event::getReason)
                .toList();
    }
}
