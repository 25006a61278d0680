package dev.quorate.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A file means the same to a reader of files as to an API server, which fills in the schema's defaults. */
class KVClusterTest {
    private static final Path ROOT = Path.of(System.getProperty("quorate.root"));

    @Test
    void exampleIsRead() throws IOException {
        KVCluster demo = read(Files.readString(ROOT.resolve("examples/kvcluster.yaml")));
        assertThat(demo.getMetadata().getName()).isEqualTo("demo");
        assertThat(demo.getSpec().groups()).isEqualTo(2);
        assertThat(demo.getSpec().storage().size()).isEqualTo("1Gi");
    }

    @Test
    void absentFieldsTakeTheDefaultsOfTheSchema() {
        KVCluster bare = read("apiVersion: quorate.dev/v1alpha1\nkind: KVCluster\nmetadata: {name: bare}\nspec: {}\n");
        KVClusterSpec spec = bare.getSpec();
        assertThat(spec.groups()).isEqualTo(1);
        assertThat(spec.replicas()).isEqualTo(3);
        assertThat(spec.shards()).isEqualTo(256);
        assertThat(spec.storage()).isEqualTo(new StorageSpec("10Gi", null));
        assertThat(spec.reclaimPolicy()).isEqualTo(ReclaimPolicy.Retain);
        assertThat(spec.rebalance()).isEqualTo(new RebalanceSpec(32, 16, "0s"));
        assertThat(Serialization.asYaml(bare)).doesNotContain("null");
    }

    /** Names and labels derived from the longest name still fit: see KVCluster. */
    @Test
    void longestNameLeavesRoomForTheLabelOfAStatefulSetsRevision() {
        String statefulSet = "n".repeat(KVCluster.MAX_NAME_LENGTH) + "-g" + Integer.MAX_VALUE;
        assertThat(statefulSet + "-" + "a".repeat(10)).hasSizeLessThanOrEqualTo(63);
    }

    private static KVCluster read(String yaml) {
        return Serialization.unmarshal(yaml, KVCluster.class);
    }
}
