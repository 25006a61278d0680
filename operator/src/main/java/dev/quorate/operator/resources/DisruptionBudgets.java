package dev.quorate.operator.resources;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/** How many of a group's pods a drain of Kubernetes nodes may take at once: one, whatever the group's size. */
public final class DisruptionBudgets {
    private DisruptionBudgets() {}

    public static PodDisruptionBudget build(ClusterIdentity cluster, int group) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(cluster.owned(cluster.groupName(group), cluster.labels(group))
                        .build())
                .withNewSpec()
                .withNewMaxUnavailable(1)
                .withNewSelector()
                .withMatchLabels(cluster.selector(group))
                .endSelector()
                .endSpec()
                .build();
    }
}
