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
    static Stream<Path> invalid() throws IOException {
        return Files.list(Rig.CHECKOUT.resolve("examples/invalid")).sorted();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void aBadResourceIsRefusedInWords(Path file) throws IOException {
        String yaml = Files.readString(file);
        String sentence = yaml.lines().findFirst().orElseThrow().replaceFirst("^#\\s*", "");
        ExecResult result = Rig.get().tryApply("default", yaml);
        assertThat(result.getExitCode()).as(file.toString()).isNotZero();
        assertThat(result.getStderr()).contains(sentence);
    }
}
