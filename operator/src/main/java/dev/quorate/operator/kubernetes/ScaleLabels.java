package dev.quorate.operator.kubernetes;

import dev.quorate.operator.resources.ClusterIdentity;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Which pods an autoscaler sees: one of each Active group, a ready one if there is one, the same one as long as it will do. */
final class ScaleLabels {
    private ScaleLabels() {}

    /** Calls back for each pod whose label is not as it shall be. */
    static void settle(Inventory inventory, Set<Integer> activeGroups, BiConsumer<Pod, Boolean> change) {
        for (int group : inventory.statefulSets().keySet()) {
            Optional<String> chosen = activeGroups.contains(group)
                    ? inventory.pods(group).stream()
                            .filter(pod -> !Inventory.terminating(pod))
                            .min(Comparator.comparing((Pod pod) -> !KubernetesPlatform.ready(pod))
                                    .thenComparing(pod -> !labelled(pod))
                                    .thenComparing(pod -> pod.getMetadata().getName()))
                            .map(pod -> pod.getMetadata().getName())
                    : Optional.empty();
            for (Pod pod : inventory.pods(group)) {
                boolean wanted = chosen.equals(Optional.of(pod.getMetadata().getName()));
                if (wanted != labelled(pod) && !Inventory.terminating(pod)) {
                    change.accept(pod, wanted);
                }
            }
        }
    }

    private static boolean labelled(Pod pod) {
        return ClusterIdentity.SCALE_ACTIVE.equals(pod.getMetadata().getLabels().get(ClusterIdentity.SCALE_LABEL));
    }
}
