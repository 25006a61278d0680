package dev.quorate.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterSpec;
import dev.quorate.crds.KVGroup;
import dev.quorate.crds.ReclaimPolicy;
import dev.quorate.crds.StorageSpec;
import dev.quorate.operator.resources.ClusterIdentity;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole operator against an API server in memory; pods and nodes are played by the test. */
@QuarkusTest
@QuarkusTestResource(value = MockApiServer.class, restrictToAnnotatedClass = true)
class ReconcileTest {
    private static final String NAMESPACE = "test";
    private static final String FORMER = "11111111-2222-3333-4444-555555555555";
    private static final AtomicInteger CLUSTERS = new AtomicInteger();

    @Inject
    KubernetesClient client;

    @Inject
    FakeDatabases databases;

    ApplyingDispatcher server;

    private FakeKubelet kubelet;
    private String name;

    @BeforeEach
    void newCluster() {
        name = "c" + CLUSTERS.incrementAndGet();
        kubelet = new FakeKubelet(client, NAMESPACE);
    }

    @AfterEach
    void deleteCluster() {
        client.resources(KVCluster.class).inNamespace(NAMESPACE).withName(name).delete();
        client.apps().statefulSets().inNamespace(NAMESPACE).delete();
        client.pods().inNamespace(NAMESPACE).delete();
        client.persistentVolumeClaims().inNamespace(NAMESPACE).delete();
    }

    @Test
    void clusterComesUpAndASecondReconcileWritesNothing() {
        create(spec(2, null));
        untilReady();

        KVCluster cluster = cluster();
        assertThat(cluster.getStatus().groups()).isEqualTo(2);
        assertThat(cluster.getStatus().clusterId())
                .isEqualTo(cluster.getMetadata().getUid());
        assertThat(cluster.getStatus().observedGeneration())
                .isEqualTo(cluster.getMetadata().getGeneration());
        until(() -> assertThat(condition("Balanced").getStatus()).isEqualTo("True"));
        until(() -> assertThat(group(2).getStatus().shards()).isEqualTo(4));
        assertThat(group(1).getStatus().members()).hasSize(3);
        assertThat(group(2).getStatus().members()).hasSize(3);
        assertThat(group(2).getStatus().ready()).isEqualTo("3/3");
        assertThat(group(2).getStatus().leader()).isEqualTo(name + "-g2-0");
        until(() -> assertThat(group(2).getStatus().conditions())
                .extracting(Condition::getType, Condition::getStatus, Condition::getReason)
                .containsExactly(tuple("Ready", "True", "Serving"), tuple("Degraded", "False", "AsExpected")));
        assertThat(group(2).getStatus().observedGeneration())
                .isEqualTo(group(2).getMetadata().getGeneration());
        assertThat(cluster().getStatus().leading()).isEqualTo("2/2");
        assertThat(client.secrets()
                        .inNamespace(NAMESPACE)
                        .withName(name + "-token")
                        .get())
                .isNotNull();
        until(() -> assertThat(scaleUnits()).containsExactlyInAnyOrder(name + "-g1-0", name + "-g2-0"));

        untilSettled();
        int passes = databases.of(name).passes();
        int writes = server.writes().size();
        until(() -> assertThat(databases.of(name).passes()).isGreaterThanOrEqualTo(passes + 3));
        assertThat(server.writes().subList(writes, server.writes().size())).isEmpty();
    }

    @Test
    void aKVGroupDeletedByHandIsMadeAgainAndItsPodsStay() {
        create(spec(1, null));
        untilReady();
        List<String> pods = podUids(1);
        var members = group(1).getStatus().members();

        client.resource(group(1)).delete();

        until(() -> assertThat(group(1)).isNotNull());
        until(() -> assertThat(group(1).getStatus()).isNotNull());
        until(() -> assertThat(group(1).getStatus().members()).isEqualTo(members));
        assertThat(podUids(1)).isEqualTo(pods);
    }

    @Test
    void aStatefulSetDeletedByHandIsMadeAgainOverItsVolumes() {
        create(spec(1, null));
        untilReady();
        String uid = statefulSet(1).getMetadata().getUid();

        client.resource(statefulSet(1)).delete();

        until(() -> assertThat(statefulSet(1)).isNotNull());
        until(() -> assertThat(statefulSet(1).getMetadata().getUid()).isNotEqualTo(uid));
        untilReady();
    }

    @Test
    void aWrongImageIsSaidAndCorrectingItIsEnough() {
        create(spec(1, null));
        untilReady();

        edit(spec -> withImage(spec, FakeKubelet.BROKEN_IMAGE));
        until(() -> {
            Condition degraded = condition("Degraded");
            assertThat(degraded.getStatus()).isEqualTo("True");
            assertThat(degraded.getReason()).isEqualTo("ImagePullFailed");
            assertThat(degraded.getMessage()).contains(FakeKubelet.BROKEN_IMAGE, "can't be pulled", "ImagePullBackOff");
        });
        long broken = client.pods().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(pod -> pod.getStatus().getPhase().equals("Pending"))
                .count();
        assertThat(broken).as("pods that took the wrong image").isEqualTo(1);
        assertThat(condition("Ready").getStatus()).isEqualTo("True");

        edit(spec -> withImage(spec, "quorate/node:better"));
        until(() -> assertThat(condition("Degraded").getStatus()).isEqualTo("False"));
        until(() -> assertThat(images()).containsOnly("quorate/node:better"));
    }

    @Test
    void anUnboundVolumeIsSaidWithItsClaimAndClass() {
        kubelet.cannotBind("nosuch");
        create(spec(1, "nosuch"));
        until(() -> {
            Condition degraded = condition("Degraded");
            assertThat(degraded.getReason()).isEqualTo("VolumeUnbound");
            assertThat(degraded.getMessage()).contains("data-" + name + "-g1-0", "StorageClass nosuch");
            assertThat(condition("Ready").getStatus()).isEqualTo("False");
        });
    }

    @Test
    void aLostQuorumIsSaidAndNothingIsTornDown() {
        create(spec(2, null));
        untilReady();
        List<String> pods = podUids(2);

        databases.of(name).silence(2, 0, true);
        databases.of(name).silence(2, 1, true);
        until(() -> {
            assertThat(condition("Ready").getStatus()).isEqualTo("False");
            assertThat(condition("Degraded").getMessage()).contains("group 2 has lost its quorum: 1 of 3");
        });
        assertThat(podUids(2)).isEqualTo(pods);

        databases.of(name).silence(2, 0, false);
        until(() -> assertThat(condition("Ready").getStatus()).isEqualTo("True"));
    }

    @Test
    void scalingDownDeletesAGroupOnlyAfterRootRemovedIt() {
        create(spec(3, null));
        untilReady();
        edit(spec -> withGroups(spec, 1));
        until(() -> {
            boolean known = databases.of(name).map().getGroupsList().stream().anyMatch(group -> group.getId() == 3);
            if (known) {
                assertThat(statefulSet(3))
                        .as("a group that the map knows has its pods")
                        .isNotNull();
            }
            assertThat(known).isFalse();
        });
        until(() -> {
            assertThat(statefulSet(2)).isNull();
            assertThat(statefulSet(3)).isNull();
            assertThat(group(3)).isNull();
            assertThat(cluster().getStatus().groups()).isEqualTo(1);
            assertThat(scaleUnits()).containsExactly(name + "-g1-0");
        });
        assertThat(claims()).as("volumes are retained").hasSize(9);
    }

    @Test
    void theNumberOfReplicasIsChangedWithMembersThatJoinFirstAndNodesThatGoLast() {
        create(withReplicas(withReclaimPolicy(spec(1, null), ReclaimPolicy.Delete), 1));
        untilReady();
        List<String> first = podUids(1);
        edit(spec -> withReplicas(spec, 5));
        until(() -> assertThat(group(1).getStatus().ready()).isEqualTo("5/5"));
        untilMembers(5);
        assertThat(podUids(1)).as("no pod restarts").containsAll(first).hasSize(5);

        edit(spec -> withReplicas(spec, 3));
        until(() -> {
            int members = databases.of(name).map().getGroups(0).getMembersCount();
            assertThat(statefulSet(1).getSpec().getReplicas())
                    .as("nodes of members stay")
                    .isGreaterThanOrEqualTo(members);
            assertThat(claims()).as("volumes of those that left are deleted").hasSize(3);
        });
        untilMembers(3);
        assertThat(group(1).getStatus().ready()).isEqualTo("3/3");
        assertThat(podUids(1)).containsAll(first).hasSize(3);

        edit(spec -> withReplicas(spec, 5));
        untilMembers(5);
        assertThat(condition("Degraded").getStatus()).isEqualTo("False");
        assertThat(eventReasons()).contains("GroupResized", "MembersChanged");
    }

    private void untilMembers(int count) {
        until(() -> {
            assertThat(databases.of(name).map().getGroups(0).getMembersList()).hasSize(count);
            assertThat(statefulSet(1).getSpec().getReplicas()).isEqualTo(count);
            assertThat(condition("Progressing").getStatus()).isEqualTo("False");
        });
    }

    /** What a backup of Kubernetes brings back is older than the shard map: the map says which groups there are and who their members are. */
    @Test
    void afterARestoreOfKubernetesTheMapWins() {
        create(spec(2, null));
        untilReady();
        KVCluster backup = cluster();
        edit(spec -> withReplicas(withGroups(spec, 3), 5));
        until(() -> assertThat(databases.of(name).map().getGroupsList())
                .hasSize(3)
                .allMatch(group -> group.getMembersCount() == 5));
        untilSettled();
        List<String> volumes = claimUids("-g");

        edit(spec -> backup.getSpec());
        client.resource(group(3)).delete();
        client.resource(statefulSet(2)).delete();
        until(() -> {
            assertThat(cluster().getStatus().groups()).isEqualTo(2);
            assertThat(databases.of(name).map().getGroupsList())
                    .hasSize(2)
                    .allMatch(group -> group.getMembersCount() == 3);
            assertThat(group(3)).isNull();
        });
        untilSettled();
        assertThat(databases.of(name).map().getNextGroupId())
                .as("ids are not used again")
                .isEqualTo(4);
        assertThat(claimUids("-g"))
                .as("no volume is made anew")
                .containsAll(volumes)
                .hasSize(volumes.size());
    }

    @Test
    void reclaimPolicyDeleteGivesVolumesToTheClusterAndRetainTakesThemBack() {
        create(spec(1, null));
        untilReady();
        edit(spec -> withReclaimPolicy(spec, ReclaimPolicy.Delete));
        until(() -> assertThat(ownedVolumes()).isEqualTo(3));
        edit(spec -> withReclaimPolicy(spec, ReclaimPolicy.Retain));
        until(() -> assertThat(ownedVolumes()).isZero());
        assertThat(cluster().getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void volumesOfAFormerClusterAreNotTouchedUntilTheirIdIsNamed() {
        client.resource(volumeOfFormerCluster(1, 0)).create();
        databases.of(name).keep(1, FORMER, 3);
        create(spec(1, null));
        until(() -> {
            assertThat(condition("Ready").getReason()).isEqualTo("VolumesOfFormerCluster");
            assertThat(condition("Degraded").getMessage())
                    .contains(FORMER, "spec.adoptClusterId", "data-" + name + "-g1-0");
        });
        assertThat(statefulSet(1)).isNull();
        assertThat(cluster().getStatus().clusterId()).isNull();

        edit(spec -> withAdoption(spec, FORMER));
        untilReady();
        assertThat(cluster().getStatus().clusterId()).isEqualTo(FORMER);
        assertThat(statefulSet(1).getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry(ClusterIdentity.CLUSTER_ID_LABEL, FORMER);
    }

    @Test
    void volumesThatTheWatchesHaveNotToldOfAreSeen() {
        server.createUnseen(volumeOfFormerCluster(1, 0));
        create(spec(1, null));
        until(() -> assertThat(condition("Ready").getReason()).isEqualTo("VolumesOfFormerCluster"));
        assertThat(statefulSet(1)).isNull();

        edit(spec -> withAdoption(spec, FORMER));
        until(() -> assertThat(statefulSet(1)).isNotNull());
    }

    @Test
    void aFormerClusterIsNotAdoptedWithoutItsRootGroup() {
        client.resource(volumeOfFormerCluster(2, 0)).create();
        create(withAdoption(spec(2, null), FORMER));
        until(() -> {
            assertThat(condition("Degraded").getReason()).isEqualTo("VolumesOfFormerCluster");
            assertThat(condition("Degraded").getMessage())
                    .contains(FORMER, "data-" + name + "-g2-0", "none of its group 1", "data-" + name + "-g1-0");
        });
        assertThat(statefulSet(1)).isNull();
    }

    @Test
    void aKVGroupDeletedByHandWithItsVolumesIsNotFormedAnew() {
        create(spec(1, null));
        untilReady();

        databases.of(name).wipe(1);
        client.resource(group(1)).delete();

        until(() -> {
            assertThat(group(1)).isNotNull();
            assertThat(condition("Degraded").getReason()).isEqualTo("DataLost");
            assertThat(condition("Ready").getStatus()).isEqualTo("False");
        });
        untilSettled();
        assertThat(group(1).getStatus().members()).as("a record").isNull();
        assertThat(databases.of(name).map().getEpoch()).as("of a map made anew").isZero();
    }

    @Test
    void aRemovedGroupsVolumesAreDeletedIfAskedForAndAFormerClustersStay() {
        create(withReclaimPolicy(spec(2, null), ReclaimPolicy.Delete));
        untilReady();
        List<String> removed = claimUids("-g2-");
        assertThat(removed).hasSize(3);
        PersistentVolumeClaim former =
                client.resource(volumeOfFormerCluster(2, 7)).create();
        edit(spec -> withGroups(spec, 1));
        until(() -> assertThat(claimUids("-g2-")).doesNotContainAnyElementsOf(removed));
        untilSettled();
        assertThat(claimUids("-g2-")).contains(former.getMetadata().getUid());
        assertThat(claimUids("-g1-")).hasSize(3);
    }

    @Test
    void anotherOnesServiceOfTheSameNameIsLeftAlone() {
        var theirs = client.resource(new ServiceBuilder()
                        .withMetadata(new ObjectMetaBuilder()
                                .withName(name)
                                .withNamespace(NAMESPACE)
                                .build())
                        .withNewSpec()
                        .addToSelector("app", "theirs")
                        .endSpec()
                        .build())
                .create();
        create(spec(1, null));
        until(() -> {
            assertThat(condition("Degraded").getReason()).isEqualTo("OperatorCannotAct");
            assertThat(condition("Degraded").getMessage())
                    .contains("Service " + name + " exists and is not this cluster's");
        });
        assertThat(client.services().inNamespace(NAMESPACE).withName(name).get().getSpec())
                .isEqualTo(theirs.getSpec());
        client.resource(theirs).delete();
        untilReady();
    }

    private void create(KVClusterSpec spec) {
        KVCluster cluster = new KVCluster();
        cluster.setMetadata(
                new ObjectMetaBuilder().withNamespace(NAMESPACE).withName(name).build());
        cluster.setSpec(spec);
        client.resource(cluster).create();
    }

    private PersistentVolumeClaim volumeOfFormerCluster(int group, int ordinal) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data-" + name + "-g" + group + "-" + ordinal)
                .withNamespace(NAMESPACE)
                .withLabels(new ClusterIdentity(NAMESPACE, name, "gone", FORMER).nodeLabels(group))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withPhase("Bound")
                .endStatus()
                .build();
    }

    private static KVClusterSpec spec(int groups, String storageClass) {
        return new KVClusterSpec(
                groups, 3, 8, new StorageSpec("1Gi", storageClass), null, null, null, null, null, null);
    }

    private static KVClusterSpec withGroups(KVClusterSpec spec, int groups) {
        return new KVClusterSpec(
                groups,
                3,
                8,
                spec.storage(),
                spec.image(),
                null,
                null,
                spec.reclaimPolicy(),
                spec.adoptClusterId(),
                null);
    }

    private static KVClusterSpec withReplicas(KVClusterSpec spec, int replicas) {
        return new KVClusterSpec(
                spec.groups(),
                replicas,
                8,
                spec.storage(),
                spec.image(),
                null,
                null,
                spec.reclaimPolicy(),
                spec.adoptClusterId(),
                null);
    }

    private static KVClusterSpec withImage(KVClusterSpec spec, String image) {
        return new KVClusterSpec(
                spec.groups(),
                3,
                8,
                spec.storage(),
                image,
                null,
                null,
                spec.reclaimPolicy(),
                spec.adoptClusterId(),
                null);
    }

    private static KVClusterSpec withReclaimPolicy(KVClusterSpec spec, ReclaimPolicy policy) {
        return new KVClusterSpec(
                spec.groups(), 3, 8, spec.storage(), spec.image(), null, null, policy, spec.adoptClusterId(), null);
    }

    private static KVClusterSpec withAdoption(KVClusterSpec spec, String id) {
        return new KVClusterSpec(
                spec.groups(), 3, 8, spec.storage(), spec.image(), null, null, spec.reclaimPolicy(), id, null);
    }

    /** As {@code kubectl patch} does it, which names no version: the operator may write the status at the same time. */
    private void edit(UnaryOperator<KVClusterSpec> change) {
        var cluster = client.resources(KVCluster.class).inNamespace(NAMESPACE).withName(name);
        String spec = Serialization.asJson(change.apply(cluster.get().getSpec()));
        cluster.patch(
                PatchContext.of(PatchType.JSON), "[{\"op\":\"replace\",\"path\":\"/spec\",\"value\":" + spec + "}]");
    }

    private void untilReady() {
        until(() -> assertThat(condition("Ready").getStatus()).isEqualTo("True"));
    }

    private void untilSettled() {
        until(() -> assertThat(condition("Progressing").getStatus()).isEqualTo("False"));
    }

    /** Kubernetes goes on while we wait. */
    private void until(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    kubelet.step();
                    assertion.run();
                });
    }

    private KVCluster cluster() {
        return client.resources(KVCluster.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
    }

    private Condition condition(String type) {
        KVCluster cluster = cluster();
        assertThat(cluster.getStatus()).isNotNull();
        return cluster.getStatus().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private KVGroup group(int id) {
        return client.resources(KVGroup.class)
                .inNamespace(NAMESPACE)
                .withName(name + "-g" + id)
                .get();
    }

    private StatefulSet statefulSet(int group) {
        return client.apps()
                .statefulSets()
                .inNamespace(NAMESPACE)
                .withName(name + "-g" + group)
                .get();
    }

    private List<Pod> pods() {
        return client.pods()
                .inNamespace(NAMESPACE)
                .withLabel(ClusterIdentity.CLUSTER_LABEL, name)
                .list()
                .getItems();
    }

    private List<String> podUids(int group) {
        return pods().stream()
                .filter(pod -> pod.getMetadata().getName().startsWith(name + "-g" + group + "-"))
                .map(pod -> pod.getMetadata().getUid())
                .toList();
    }

    private List<String> eventReasons() {
        return client.events().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(event -> event.getRegarding().getName().equals(name))
                .map(Event::getReason)
                .toList();
    }

    private List<String> images() {
        return pods().stream()
                .map(pod -> pod.getSpec().getContainers().getFirst().getImage())
                .toList();
    }

    private List<String> scaleUnits() {
        return pods().stream()
                .filter(pod -> Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of())
                        .containsKey(ClusterIdentity.SCALE_LABEL))
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private List<PersistentVolumeClaim> claims() {
        return client.persistentVolumeClaims()
                .inNamespace(NAMESPACE)
                .withLabel(ClusterIdentity.CLUSTER_LABEL, name)
                .list()
                .getItems();
    }

    private List<String> claimUids(String part) {
        return claims().stream()
                .filter(claim -> claim.getMetadata().getName().contains(part))
                .map(claim -> claim.getMetadata().getUid())
                .toList();
    }

    private long ownedVolumes() {
        return claims().stream()
                .filter(claim -> !claim.getMetadata().getOwnerReferences().isEmpty())
                .count();
    }
}
