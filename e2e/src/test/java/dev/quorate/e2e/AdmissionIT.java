package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.containers.Container.ExecResult;

/** The API server refuses what can't be, with a sentence that says what can. */
class AdmissionIT {
    private static final Path FOLDER = Rig.CHECKOUT.resolve("examples/invalid");

    static Stream<String> invalid() throws IOException {
        return Files.list(FOLDER)
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".yaml"))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void aBadResourceIsRefusedInWords(String name) throws IOException {
        String yaml = Files.readString(FOLDER.resolve(name));
        String sentence = yaml.lines().findFirst().orElseThrow().replaceFirst("^#\\s*", "");
        String namespace = name.startsWith("change-") ? Demo.shared(2).namespace : "default";
        ExecResult result = Rig.get().tryApply(namespace, yaml);
        assertThat(result.getExitCode()).isNotZero();
        assertThat(result.getStderr()).contains(sentence);
    }
}
