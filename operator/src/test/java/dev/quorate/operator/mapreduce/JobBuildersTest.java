package dev.quorate.operator.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.crds.MapReduceFunction;
import dev.quorate.crds.MapReduceInput;
import dev.quorate.crds.MapReduceJob;
import dev.quorate.crds.MapReduceJobSpec;
import dev.quorate.crds.MapReduceKeyspace;
import dev.quorate.crds.MapReduceOutput;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.JobSpec.Function;
import dev.quorate.mapreduce.keyspace.KeyspaceTarget;
import dev.quorate.operator.resources.ClusterIdentity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is made for the job of the example. */
class JobBuildersTest {
    private static final SortedMap<String, String> NODES =
            new TreeMap<>(Map.of("host-b", "node-2", "host-a", "node-1"));

    private final MapReduceJob example = Jobs.example();
    private final JobIdentity identity = JobIdentity.of(example);

    @Test
    void aPodForEachWorkerHoweverManyTasks() {
        Job job = Jobs.workers(example);
        assertThat(job.getMetadata().getName()).isEqualTo("wordcount-workers");
        assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
        assertThat(job.getSpec().getCompletions()).isEqualTo(2);
        assertThat(job.getSpec().getParallelism()).isEqualTo(2);
        assertThat(job.getSpec().getPodReplacementPolicy()).isEqualTo("Failed");
        assertThat(job.getSpec().getBackoffLimitPerIndex()).isEqualTo(4);
        assertThat(job.getSpec().getSuccessPolicy().getRules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.getSucceededCount()).isEqualTo(1));
        assertThat(job.getSpec().getPodFailurePolicy().getRules())
                .extracting("action")
                .containsExactly("FailJob", "Ignore", "Ignore");
        assertThat(job.getSpec()
                        .getPodFailurePolicy()
                        .getRules()
                        .getFirst()
                        .getOnExitCodes()
                        .getValues())
                .containsExactly(10);
        assertThat(job.getSpec().getTemplate().getSpec().getRestartPolicy())
                .as("what a podFailurePolicy asks for")
                .isEqualTo("Never");
    }

    @Test
    void podsAreToldWhereTheJobIsAndKeepMapOutputsOnADiskWithALimit() {
        PodSpec pod = Jobs.workers(example).getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().getFirst();
        assertThat(String.join(" ", container.getCommand()))
                .endsWith(
                        "dev.quorate.cli.Quorate mr worker --host $(POD_IP) --node $(NODE_NAME) --slots 1 --temporary /work"
                                + " --job wordcount-" + Jobs.UID + " --grpc demo.shop.svc:9000");
        assertThat(container.getImage()).isEqualTo("quorate/cli:1");
        assertThat(container.getVolumeMounts())
                .extracting("mountPath")
                .containsExactly("/work", "/tmp", "/texts", "/shared");
        assertThat(pod.getVolumes().get(0).getEmptyDir().getSizeLimit().toString())
                .isEqualTo("10Gi");
        assertThat(pod.getVolumes().get(2).getConfigMap().getName()).isEqualTo("wordcount-texts");
        assertThat(pod.getVolumes().get(3).getPersistentVolumeClaim().getClaimName())
                .isEqualTo("wordcount");
        assertThat(identity.storedName()).matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
        assertThat(new JobIdentity("n", "j".repeat(40), Jobs.UID).storedName()).hasSize(63);
    }

    @Test
    void podsHaveNoPrivilegesAndNoTokenUnlessAnAccountIsNamed() {
        PodSpec pod = Jobs.workers(example).getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().getFirst();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    }

    @Test
    void labelsAreNotThoseThatSelectNodesOfAClusterAndQueuesGetTheirs() {
        Job job = WorkerJobs.build(
                identity,
                example.getSpec(),
                Map.of("kueue.x-k8s.io/queue-name", "team-a", "other", "label"),
                Jobs.DEFAULTS,
                Optional.empty());
        assertThat(job.getMetadata().getLabels())
                .containsEntry("kueue.x-k8s.io/queue-name", "team-a")
                .doesNotContainKeys("other", "quorate.dev/cluster");
        assertThat(job.getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry("quorate.dev/job", "wordcount")
                .doesNotContainKey("quorate.dev/cluster");
    }

    @Test
    void suspendIsSaidOnlyWhileTheJobIsSuspended() {
        assertThat(Jobs.workers(example).getSpec().getSuspend()).isNull();
        assertThat(Jobs.workers(Jobs.suspended()).getSpec().getSuspend()).isTrue();
        Job queued = Jobs.workers(example);
        queued.getSpec().setSuspend(true);
        assertThat(WorkerJobs.build(identity, example.getSpec(), null, Jobs.DEFAULTS, Optional.of(queued))
                        .getSpec()
                        .getSuspend())
                .as("what a queue has set is the queue's")
                .isNull();
    }

    @Test
    void aNewerOperatorLeavesPodsAsTheyAre() {
        JobDefaults newer = new JobDefaults("quorate/cli:2", "Always", Jobs.DEFAULTS.workerResources());
        Job workers = Jobs.workers(example);
        assertThat(WorkerJobs.build(identity, example.getSpec(), Map.of(), newer, Optional.of(workers)))
                .isEqualTo(workers);
        Deployment coordinator = Jobs.coordinator(example);
        assertThat(Coordinators.build(identity, example.getSpec(), newer, NODES, true, Optional.of(coordinator)))
                .isEqualTo(coordinator);
    }

    @Test
    void theCoordinatorIsOnePodOrNone() {
        Deployment running = Jobs.coordinator(example);
        assertThat(running.getSpec().getReplicas()).isEqualTo(1);
        assertThat(running.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getCommand())
                .startsWith("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .containsSequence("mr", "coordinator");
        Deployment held =
                Coordinators.build(identity, example.getSpec(), Jobs.DEFAULTS, Jobs.NOWHERE, false, Optional.empty());
        assertThat(held.getSpec().getReplicas()).isZero();
        assertThat(held.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(Jobs.UID));
    }

    @Test
    void theCoordinatorIsToldOnWhichNodesMembersRun() {
        Deployment told = Coordinators.build(identity, example.getSpec(), Jobs.DEFAULTS, NODES, true, Optional.empty());
        assertThat(command(told)).containsSequence("--nodes", "host-a=node-1,host-b=node-2");
        assertThat(command(Jobs.coordinator(example))).as("when none is known").doesNotContain("--nodes");
    }

    @Test
    void whatItIsToldIsBounded() {
        SortedMap<String, String> many = new TreeMap<>();
        for (int i = 0; i < 3000; i++) {
            many.put("host-%04d".formatted(i), "node");
        }
        String word = MemberNodes.word(many).orElseThrow();
        assertThat(word.length()).isBetween(MemberNodes.WORD_LENGTH_MAX - 20, MemberNodes.WORD_LENGTH_MAX);
        assertThat(word).startsWith("host-0000=node,host-0001=node,").endsWith("=node");
    }

    @Test
    void membersAreKnownByTheirHostsOnceTheirPodsAreOnANode() {
        ClusterIdentity cluster = new ClusterIdentity("shop", "demo", "uid", "uid");
        assertThat(MemberNodes.of(cluster, List.of(member("demo-g1-0", "worker-a"), member("demo-g1-1", null))))
                .isEqualTo(Map.of("demo-g1-0.demo-peers.shop.svc", "worker-a"));
        assertThat(MemberNodes.clusters(example.getSpec()))
                .as("files are on no member")
                .isEmpty();
        assertThat(MemberNodes.clusters(Jobs.overKeyspace().getSpec())).containsExactly("demo");
    }

    private static Pod member(String name, String node) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .endSpec()
                .build();
    }

    private static List<String> command(Deployment coordinator) {
        return coordinator
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getCommand();
    }

    @Test
    void whatCleansUpIsOwnedByNobodyAndEndsByItself() {
        Job job = Coordinators.cleanup(identity, example.getSpec(), Jobs.DEFAULTS);
        assertThat(job.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(job.getSpec().getTtlSecondsAfterFinished()).isPositive();
        assertThat(job.getSpec().getActiveDeadlineSeconds()).isPositive();
    }

    @Test
    void aDescriptionSaysWhatTheResourceSays() {
        JobSpec description = JobDescriptions.of(identity, example.getSpec());
        assertThat(description.map()).contains(new Function.JavaClass("dev.quorate.mapreduce.example.Words"));
        assertThat(description.input()).containsExactly("/texts/*.txt");
        assertThat(description.inputFormat()).isEqualTo("text");
        assertThat(description.output()).isEqualTo(Path.of("/shared/quorate-mr-staging-" + Jobs.UID));
        assertThat(description.outputFormat()).isEqualTo("staged");
        assertThat(description.keyspace()).contains(new KeyspaceTarget("demo.shop.svc:9000", "count:", Jobs.UID));
        assertThat(description.splitBytes()).isEqualTo(32L << 20);
    }

    @Test
    void keyspacesAndCommandsAndFiles() {
        MapReduceJobSpec spec = new MapReduceJobSpec(
                "demo",
                null,
                List.of("/shared/a.jar"),
                null,
                List.of(
                        new MapReduceInput(null, new MapReduceKeyspace(null, "doc:")),
                        new MapReduceInput(null, new MapReduceKeyspace("other", null))),
                null,
                7,
                30,
                new MapReduceFunction(null, "cut -f2"),
                null,
                null,
                "range",
                new MapReduceOutput("/shared/out", null, null, "fixed"),
                9,
                null,
                null,
                5,
                false,
                null,
                null,
                null,
                null,
                null);
        Deployment coordinator =
                Coordinators.build(identity, spec, Jobs.DEFAULTS, Jobs.NOWHERE, true, Optional.empty());
        assertThat(command(coordinator)).contains("--no-backups");
        assertThat(MemberNodes.clusters(spec)).containsExactlyInAnyOrder("demo", "other");
        JobSpec description = JobDescriptions.of(identity, spec);
        assertThat(description.jars()).containsExactly(Path.of("/shared/a.jar"));
        assertThat(description.map()).contains(new Function.Command("cut -f2"));
        assertThat(description.reduce()).isEmpty();
        assertThat(description.input()).containsExactly("demo.shop.svc:9000/doc:", "other.shop.svc:9000/");
        assertThat(description.inputFormat()).isEqualTo("keyspace:7,30");
        assertThat(description.outputFormat()).isEqualTo("fixed");
        assertThat(description.output()).isEqualTo(Path.of("/shared/out"));
        assertThat(description.keyspace()).isEmpty();
        assertThat(description.skipBadRecords()).isEqualTo(5);
    }
}
