package dev.quorate.sim.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mutants fit the sources as they are. Whether the simulator catches them is for {@link MutationProof}. */
class MutantsTest {
    @TempDir
    Path directory;

    @Test
    void allApplyAndCompile() throws Exception {
        List<Mutant> mutants = Mutant.all();
        assertThat(mutants).hasSizeGreaterThanOrEqualTo(15);
        List<String> misfits = new ArrayList<>();
        for (Mutant mutant : mutants) {
            try {
                SourceCopy copy = new SourceCopy(directory.resolve(mutant.name()));
                mutant.apply(copy);
                copy.compile();
            } catch (PatchException e) {
                misfits.add(e.getMessage());
            }
        }
        assertThat(misfits).isEmpty();
    }

    @Test
    void aPatchNeedsItsLinesExactlyOnce() {
        Patch patch = new Patch("A.java", List.of("  b", "  c"), List.of("  d"));
        assertThat(patch.apply("a\n    b\n    c\nb\n")).isEqualTo("a\n  d\nb\n");
        assertThatExceptionOfType(PatchException.class)
                .isThrownBy(() -> patch.apply("a\nc\n"))
                .withMessageContaining("found 0 times in A.java");
        assertThatExceptionOfType(PatchException.class)
                .isThrownBy(() -> patch.apply("b\nc\nb\nc\n"))
                .withMessageContaining("found 2 times");
    }
}
