package dev.quorate.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterSpec;
import dev.quorate.crds.KVClusterStatus;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stand-in does what the operator relies on in a real API server. */
class ApplyingDispatcherTest {
    private final MockApiServer server = new MockApiServer();
    private KubernetesClient client;

    @BeforeEach
    void start() {
        String url = server.start().get("quarkus.kubernetes-client.api-server-url");
        client = new KubernetesClientBuilder()
                .editOrNewConfig()
                .withMasterUrl(url)
                .withNamespace("test")
                .endConfig()
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop();
    }

    @Test
    void whatIsNoLongerAppliedGoesAndTheRestStays() {
        Pod made = client.resource(pod().editMetadata()
                        .addToLabels("app", "x")
                        .endMetadata()
                        .build())
                .create();
        client.resource(pod().editMetadata()
                        .addToLabels("scale", "yes")
                        .endMetadata()
                        .build())
                .serverSideApply();
        assertThat(labels()).containsOnlyKeys("app", "scale");
        client.resource(pod().build()).serverSideApply();
        assertThat(labels()).containsOnlyKeys("app");
        assertThat(client.resource(made).get().getMetadata().getUid())
                .isEqualTo(made.getMetadata().getUid());
    }

    @Test
    void applyingTheSameAgainChangesNothing() {
        Pod first = client.resource(pod().build()).serverSideApply();
        Pod second = client.resource(pod().build()).serverSideApply();
        assertThat(second.getMetadata().getResourceVersion())
                .isEqualTo(first.getMetadata().getResourceVersion());
    }

    @Test
    void anObjectThatIsGoneDoesNotComeBackUnderItsUid() {
        Pod fenced = pod().editMetadata().withUid("gone").endMetadata().build();
        assertThatThrownBy(() -> client.resource(fenced).serverSideApply())
                .isInstanceOf(KubernetesClientException.class);
        assertThat(client.pods().withName("p").get()).isNull();
    }

    @Test
    void statusIsAppliedApartFromTheSpec() {
        KVCluster cluster = cluster();
        cluster.setSpec(new KVClusterSpec(2, null, null, null, null, null, null, null, null, null));
        client.resource(cluster).create();
        for (String state : List.of("False", "True")) {
            KVCluster fresh = cluster();
            fresh.setStatus(new KVClusterStatus(
                    null,
                    1,
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    null,
                    List.of(new ConditionBuilder()
                            .withType("Ready")
                            .withStatus(state)
                            .build()),
                    1L,
                    null));
            client.resource(fresh).subresource("status").patch(PatchContext.of(PatchType.SERVER_SIDE_APPLY));
            KVCluster found = client.resource(cluster()).get();
            assertThat(found.getStatus()).isEqualTo(fresh.getStatus());
            assertThat(found.getSpec().groups()).isEqualTo(2);
        }
    }

    private static PodBuilder pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .withNamespace("test")
                .endMetadata();
    }

    private static KVCluster cluster() {
        KVCluster cluster = new KVCluster();
        cluster.getMetadata().setName("c");
        cluster.getMetadata().setNamespace("test");
        return cluster;
    }

    private Map<String, String> labels() {
        return client.pods().withName("p").get().getMetadata().getLabels();
    }
}
