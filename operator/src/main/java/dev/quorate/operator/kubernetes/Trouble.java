package dev.quorate.operator.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Why a pod does not run, as far as Kubernetes says: a word for a condition's reason, and the words that follow "the pod does not run: ".
 */
public record Trouble(Kind kind, String words) {
    /** In the order in which they are looked for: what comes first explains what follows. */
    public enum Kind {
        VOLUME_UNBOUND("VolumeUnbound"),
        UNSCHEDULABLE("Unschedulable"),
        IMAGE_PULL_FAILED("ImagePullFailed"),
        CRASHING("NodeCrashing"),
        CONTAINER_FAILED("ContainerFailed");

        private final String reason;

        Kind(String reason) {
            this.reason = reason;
        }

        /** As a condition's reason. */
        public String reason() {
            return reason;
        }
    }

    private static final Set<String> IMAGE_REASONS = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "ImageInspectError",
            "RegistryUnavailable");
    private static final Set<String> HARMLESS_REASONS = Set.of("ContainerCreating", "PodInitializing");

    /** Volumes are bound and pods are placed within seconds, or somebody has to do something. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MAX_WORDS = 400;

    /** What stands between the pod and its running, if anything. */
    public static Optional<Trouble> of(Pod pod, Optional<PersistentVolumeClaim> claim, Instant now) {
        boolean young = age(pod.getMetadata().getCreationTimestamp(), now).compareTo(PATIENCE) < 0;
        Optional<String> unscheduled = unscheduled(pod);
        if (!young && claim.filter(Trouble::pending).isPresent()) {
            return Optional.of(volumeUnbound(claim.get(), unscheduled));
        }
        if (!young && unscheduled.isPresent()) {
            return Optional.of(trouble(Kind.UNSCHEDULABLE, "no Kubernetes node takes its pod: " + unscheduled.get()));
        }
        return pod.getStatus().getContainerStatuses().stream()
                .flatMap(status -> container(status).stream())
                .findFirst();
    }

    private static Trouble volumeUnbound(PersistentVolumeClaim claim, Optional<String> scheduler) {
        String storageClass = claim.getSpec().getStorageClassName();
        return trouble(
                Kind.VOLUME_UNBOUND,
                "its PersistentVolumeClaim " + claim.getMetadata().getName() + " of "
                        + (storageClass == null ? "the default StorageClass" : "StorageClass " + storageClass)
                        + " is not bound; check that the class exists and can make volumes"
                        + scheduler.map(message -> ": " + message).orElse(""));
    }

    private static Optional<Trouble> container(ContainerStatus status) {
        ContainerState state = status.getState();
        if (state == null || state.getRunning() != null) {
            return Optional.empty();
        }
        if (state.getTerminated() != null) {
            return Optional.of(crash(state.getTerminated()));
        }
        ContainerStateWaiting waiting = state.getWaiting();
        if (waiting == null || waiting.getReason() == null || HARMLESS_REASONS.contains(waiting.getReason())) {
            return Optional.empty();
        }
        if (IMAGE_REASONS.contains(waiting.getReason())) {
            return Optional.of(trouble(
                    Kind.IMAGE_PULL_FAILED,
                    "its image " + status.getImage() + " can't be pulled; correct spec.image: " + said(waiting)));
        }
        if (waiting.getReason().equals("CrashLoopBackOff")
                && status.getLastState() != null
                && status.getLastState().getTerminated() != null) {
            return Optional.of(crash(status.getLastState().getTerminated()));
        }
        return Optional.of(trouble(Kind.CONTAINER_FAILED, "its container can't start: " + said(waiting)));
    }

    private static Trouble crash(ContainerStateTerminated ended) {
        String message =
                ended.getMessage() == null ? "" : ": " + ended.getMessage().strip();
        return trouble(
                Kind.CRASHING,
                "its process ended with code " + ended.getExitCode() + " (" + ended.getReason() + ")" + message);
    }

    private static String said(ContainerStateWaiting waiting) {
        return waiting.getReason() + (waiting.getMessage() == null ? "" : ": " + waiting.getMessage());
    }

    private static Trouble trouble(Kind kind, String words) {
        String line = words.replaceAll("\\s+", " ").strip();
        return new Trouble(kind, line.length() <= MAX_WORDS ? line : line.substring(0, MAX_WORDS - 3) + "...");
    }

    private static boolean pending(PersistentVolumeClaim claim) {
        return claim.getStatus() == null
                || claim.getStatus().getPhase() == null
                || claim.getStatus().getPhase().equals("Pending")
                || claim.getStatus().getPhase().equals("Lost");
    }

    private static Optional<String> unscheduled(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False"))
                .map(PodCondition::getMessage)
                .findFirst();
    }

    private static Duration age(String created, Instant now) {
        return created == null ? Duration.ZERO : Duration.between(Instant.parse(created), now);
    }
}
