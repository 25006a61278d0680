package dev.quorate.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every way in which a pod fails to run is told apart, in words. */
class TroubleTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
    private static final Optional<PersistentVolumeClaim> BOUND = Optional.of(claim("Bound", "fast"));

    @Test
    void aRunningPodHasNone() {
        Pod pod = pod(new ContainerStateBuilder().withNewRunning(NOW.toString()).build(), null);
        assertThat(Trouble.of(pod, BOUND, NOW)).isEmpty();
    }

    @Test
    void aStartingPodHasNone() {
        assertThat(Trouble.of(pod(waiting("ContainerCreating", null), null), BOUND, NOW))
                .isEmpty();
    }

    @Test
    void anImageThatCannotBePulled() {
        assertThat(Trouble.of(pod(waiting("ErrImagePull", "not found"), null), BOUND, NOW))
                .hasValueSatisfying(trouble -> {
                    assertThat(trouble.kind().reason()).isEqualTo("ImagePullFailed");
                    assertThat(trouble.words()).contains("quorate/node:9", "not found", "spec.image");
                });
    }

    @Test
    void aVolumeThatIsNotBoundOnceThereWasTimeForIt() {
        Pod pod = pod(waiting("ContainerCreating", null), null);
        Optional<PersistentVolumeClaim> pending = Optional.of(claim("Pending", "nosuch"));
        assertThat(Trouble.of(pod, pending, Instant.parse("2026-01-01T00:00:05Z")))
                .isEmpty();
        assertThat(Trouble.of(pod, pending, NOW)).hasValueSatisfying(trouble -> {
            assertThat(trouble.kind().reason()).isEqualTo("VolumeUnbound");
            assertThat(trouble.words()).contains("data-demo-g1-0", "StorageClass nosuch");
        });
    }

    @Test
    void aProcessThatEndsSaysWhy() {
        ContainerState ended = new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(3)
                .withReason("Error")
                .withMessage("the disk belongs to\n cluster x")
                .endTerminated()
                .build();
        assertThat(Trouble.of(pod(waiting("CrashLoopBackOff", "back-off"), ended), BOUND, NOW))
                .hasValueSatisfying(trouble -> {
                    assertThat(trouble.kind().reason()).isEqualTo("NodeCrashing");
                    assertThat(trouble.words())
                            .isEqualTo("its process ended with code 3 (Error): the disk belongs to cluster x");
                });
    }

    @Test
    void wordsAreBounded() {
        assertThat(Trouble.of(pod(waiting("ErrImagePull", "x".repeat(5000)), null), BOUND, NOW))
                .hasValueSatisfying(trouble -> assertThat(trouble.words()).hasSizeLessThanOrEqualTo(400));
    }

    private static ContainerState waiting(String reason, String message) {
        return new ContainerStateBuilder().withNewWaiting(message, reason).build();
    }

    private static Pod pod(ContainerState state, ContainerState last) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("demo-g1-0")
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .withNewStatus()
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withImage("quorate/node:9")
                        .withState(state)
                        .withLastState(last)
                        .build())
                .endStatus()
                .build();
    }

    private static PersistentVolumeClaim claim(String phase, String storageClass) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data-demo-g1-0")
                .endMetadata()
                .withNewSpec()
                .withStorageClassName(storageClass)
                .endSpec()
                .withNewStatus()
                .withPhase(phase)
                .endStatus()
                .build();
    }
}
