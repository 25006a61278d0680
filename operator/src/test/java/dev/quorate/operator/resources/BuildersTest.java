package dev.quorate.operator.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterSpec;
import dev.quorate.crds.StorageSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is made for a cluster named demo. */
class BuildersTest {
    private static final ClusterIdentity DEMO = new ClusterIdentity("shop", "demo", "uid-1", "id-1");
    private static final NodeDefaults DEFAULTS = new NodeDefaults(
            "quorate/node:1",
            "IfNotPresent",
            new ResourceRequirementsBuilder()
                    .addToRequests("cpu", new Quantity("100m"))
                    .build());

    @Test
    void podsRunParallelAndRestartOnlyWhenDeletedAndKeepTheirVolumes() {
        StatefulSet set = build(spec(null), 2, Optional.empty(), "1");
        assertThat(set.getMetadata().getName()).isEqualTo("demo-g2");
        assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
        assertThat(set.getSpec().getUpdateStrategy().getType()).isEqualTo("OnDelete");
        assertThat(set.getSpec().getServiceName()).isEqualTo("demo-peers");
        assertThat(set.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenDeleted())
                .isEqualTo("Retain");
        assertThat(set.getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenScaled())
                .isEqualTo("Retain");
        assertThat(set.getSpec()
                        .getVolumeClaimTemplates()
                        .getFirst()
                        .getMetadata()
                        .getLabels())
                .containsEntry("quorate.dev/cluster-id", "id-1")
                .containsEntry("quorate.dev/group", "2")
                .containsEntry("quorate.dev/cluster", "demo");
        assertThat(set.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> {
            assertThat(owner.getKind()).isEqualTo("KVCluster");
            assertThat(owner.getUid()).isEqualTo("uid-1");
        });
    }

    @Test
    void nodesAreToldWhoTheyAre() {
        Map<String, String> environment = container(build(spec(null), 2, Optional.empty(), "1")).getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
        assertThat(environment)
                .containsEntry("QUORATE_CLUSTER_ID", "id-1")
                .containsEntry("QUORATE_GROUP_ID", "2")
                .containsEntry("QUORATE_HOST", "$(QUORATE_NAME).demo-peers.shop.svc")
                .containsEntry(
                        "QUORATE_ROOT_PEERS",
                        "demo-g1-0.demo-peers.shop.svc:7380,demo-g1-1.demo-peers.shop.svc:7380,demo-g1-2.demo-peers.shop.svc:7380")
                .containsEntry("QUORATE_TOKEN_FILE", "/etc/quorate/secret/token");
    }

    @Test
    void nodesHaveNoPrivileges() {
        StatefulSet set = build(spec(null), 1, Optional.empty(), "1");
        PodSpec pod = set.getSpec().getTemplate().getSpec();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getFsGroup()).isEqualTo(10001);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(60);
        assertThat(container(set).getSecurityContext().getReadOnlyRootFilesystem())
                .isTrue();
        assertThat(container(set).getSecurityContext().getAllowPrivilegeEscalation())
                .isFalse();
        assertThat(container(set).getSecurityContext().getCapabilities().getDrop())
                .containsExactly("ALL");
        assertThat(container(set).getVolumeMounts()).extracting("mountPath").contains("/tmp");
    }

    @Test
    void aNewerOperatorLeavesTemplatesAlone() {
        StatefulSet old = build(spec(null), 1, Optional.empty(), "1");
        container(old).setImage("quorate/node:as-the-old-operator-built-it");
        StatefulSet same = build(spec(null), 1, Optional.of(old), "2");
        assertThat(same.getSpec().getTemplate()).isEqualTo(old.getSpec().getTemplate());
        StatefulSet changed = build(spec("quorate/node:2"), 1, Optional.of(old), "2");
        assertThat(StatefulSets.image(changed)).isEqualTo("quorate/node:2");
        StatefulSet corrected = build(spec(null), 1, Optional.of(old), "1");
        assertThat(StatefulSets.image(corrected))
                .as("a template changed by hand")
                .isEqualTo("quorate/node:1");
    }

    @Test
    void scalingChangesNoTemplate() {
        StatefulSet one = build(spec(null), 1, Optional.empty(), "1");
        KVClusterSpec scaled = new KVClusterSpec(9, 3, 256, null, null, null, null, null, null, null);
        assertThat(build(scaled, 1, Optional.of(one), "1").getSpec().getTemplate())
                .isEqualTo(one.getSpec().getTemplate());
    }

    @Test
    void peersFindEachOtherBeforeTheyAreReady() {
        Service peers = Services.peers(DEMO);
        assertThat(peers.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(peers.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(peers.getSpec().getSelector()).containsOnlyKeys("quorate.dev/cluster");
        Service clients = Services.clients(DEMO);
        assertThat(clients.getMetadata().getName()).isEqualTo("demo");
        assertThat(clients.getSpec().getPublishNotReadyAddresses()).isNull();
        assertThat(clients.getSpec().getSelector()).as("outlives groups").doesNotContainKey("quorate.dev/group");
    }

    @Test
    void oneMemberOfAGroupMayBeDisrupted() {
        var budget = DisruptionBudgets.build(DEMO, 2);
        assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
        assertThat(budget.getSpec().getSelector().getMatchLabels()).containsEntry("quorate.dev/group", "2");
    }

    @Test
    void anotherNumberOfReplicasRestartsNoPod() {
        KVClusterSpec five =
                new KVClusterSpec(2, 5, 256, new StorageSpec("1Gi", null), null, null, null, null, null, null);
        StatefulSet three = build(spec(null), 1, Optional.empty(), "1");
        StatefulSet grown = build(five, 1, Optional.of(three), "1");
        assertThat(grown.getSpec().getReplicas()).isEqualTo(5);
        assertThat(grown.getSpec().getTemplate()).isEqualTo(three.getSpec().getTemplate());
    }

    @Test
    void tokensAreLongAndReadBack() {
        Secret secret = TokenSecrets.build(DEMO, new SecureRandom());
        assertThat(TokenSecrets.token(secret))
                .hasValueSatisfying(token -> assertThat(token).matches("[0-9a-f]{64}"));
        assertThat(TokenSecrets.token(TokenSecrets.build(DEMO, new SecureRandom())))
                .isNotEqualTo(TokenSecrets.token(secret));
    }

    @Test
    void namesOfTheLongestClusterFit() {
        ClusterIdentity longest = new ClusterIdentity("n", "c".repeat(KVCluster.MAX_NAME_LENGTH), "u", "i");
        assertThat(longest.groupName(Integer.MAX_VALUE)).hasSizeLessThanOrEqualTo(52);
        assertThat(longest.pod(Integer.MAX_VALUE, 8)).hasSizeLessThanOrEqualTo(63);
        assertThat(longest.peersService()).hasSizeLessThanOrEqualTo(63);
    }

    private static KVClusterSpec spec(String image) {
        return new KVClusterSpec(2, 3, 256, new StorageSpec("1Gi", null), image, null, null, null, null, null);
    }

    private static StatefulSet build(KVClusterSpec spec, int group, Optional<StatefulSet> existing, String version) {
        return StatefulSets.build(DEMO, spec, DEFAULTS, group, spec.replicas(), existing, version);
    }

    private static Container container(StatefulSet set) {
        return set.getSpec().getTemplate().getSpec().getContainers().getFirst();
    }
}
