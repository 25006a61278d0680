package dev.quorate.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed YAML is what the classes say; run with {@code -Dquorate.crds.write=true} it is made so. */
class CrdYamlTest {
    private static final Path ROOT = Path.of(System.getProperty("quorate.root"));
    private static final boolean WRITE = Boolean.getBoolean("quorate.crds.write");

    @ParameterizedTest
    @ValueSource(classes = {KVCluster.class, KVGroup.class, MapReduceJob.class})
    void committedYamlIsGenerated(Class<? extends CustomResource<?, ?>> resource) throws IOException {
        String file = HasMetadata.getPlural(resource) + ".yaml";
        check(ROOT.resolve("crds").resolve(file), CrdYaml.plain(resource));
        check(ROOT.resolve("charts/quorate/templates/crds").resolve(file), CrdYaml.template(resource));
    }

    private static void check(Path file, String generated) throws IOException {
        if (WRITE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, generated);
        }
        assertThat(file).exists();
        assertThat(Files.readString(file))
                .as("%s is out of date: ./mvnw -pl crds test -Dquorate.crds.write=true", ROOT.relativize(file))
                .isEqualTo(generated);
    }
}
