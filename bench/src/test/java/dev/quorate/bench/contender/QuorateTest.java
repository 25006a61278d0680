package dev.quorate.bench.contender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class QuorateTest {
    @Test
    void aNodeIsStartedAsTheImageStartsIt() throws IOException {
        String dockerfile = "FROM x\nENTRYPOINT [\"java\", \"-XX:+UseSerialGC\", \"-jar\", \"/app/quarkus-run.jar\"]\n";

        assertThat(Quorate.nodeCommand(dockerfile, "/jdk/bin/java", "node.jar"))
                .containsExactly("/jdk/bin/java", "-XX:+UseSerialGC", "-jar", "node.jar");
    }

    @Test
    void theImageHasSuchAStart() throws IOException {
        String shipped = Files.readString(new Checkout(Path.of(System.getProperty("quorate.root"))).dockerfile());

        assertThat(Quorate.nodeCommand(shipped, "java", "node.jar"))
                .startsWith("java")
                .endsWith("-jar", "node.jar");
    }

    @Test
    void aDockerfileWithoutAStartIsRefused() {
        assertThatThrownBy(() -> Quorate.nodeCommand("FROM x\n", "java", "node.jar"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ENTRYPOINT");
    }
}
