package dev.quorate.operator.kubernetes;

import dev.quorate.control.Planner;
import dev.quorate.crds.KVCluster;
import dev.quorate.operator.resources.ClusterIdentity;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a cluster that has no pods yet may use the volumes that are there: never by chance, only by the id that they carry. */
public final class Adoption {
    private Adoption() {}

    /**
     * What stands against making the cluster's first pods, and what to do; empty when nothing does.
     *
     * @param claims all volumes' claims that carry the cluster's name, as the API server has them now
     */
    static Optional<String> obstacle(KVCluster cluster, List<PersistentVolumeClaim> claims) {
        String name = cluster.getMetadata().getName();
        String adopt = cluster.getSpec().adoptClusterId();
        String clusterId = ClusterIdentity.of(cluster).clusterId();
        List<String> others = claims.stream()
                .map(Adoption::clusterId)
                .filter(id -> !clusterId.equals(id))
                .distinct()
                .toList();
        if (!others.isEmpty()) {
            return Optional.of("the volumes " + names(claims, others.getFirst()) + " hold data of the former cluster "
                    + others.getFirst() + ": to take it over set spec.adoptClusterId to that id"
                    + (adopt == null ? "" : " instead of " + adopt) + ", to start empty delete these"
                    + " PersistentVolumeClaims, or name the cluster otherwise than " + name);
        }
        if (adopt != null && claims.isEmpty()) {
            return Optional.of("spec.adoptClusterId names cluster " + adopt + ", but no volume of " + name
                    + " carries that id: bring its PersistentVolumeClaims back, or make the cluster without it");
        }
        if (adopt != null && claims.stream().noneMatch(Adoption::ofRoot)) {
            String first = ClusterIdentity.of(cluster).pod(Planner.ROOT, 0);
            return Optional.of("the volumes " + names(claims, adopt) + " of cluster " + adopt
                    + " are there, but none of its group " + Planner.ROOT
                    + ", which keeps the shard map: bring back the"
                    + " PersistentVolumeClaims data-" + first + " and following, or delete these to start empty"
                    + " without spec.adoptClusterId");
        }
        return Optional.empty();
    }

    private static boolean ofRoot(PersistentVolumeClaim claim) {
        return ClusterIdentity.group(claim).equals(Optional.of(Planner.ROOT));
    }

    private static String clusterId(PersistentVolumeClaim claim) {
        return Objects.requireNonNullElse(
                claim.getMetadata().getLabels().get(ClusterIdentity.CLUSTER_ID_LABEL), "of unknown id");
    }

    private static String names(List<PersistentVolumeClaim> claims, String clusterId) {
        List<String> names = claims.stream()
                .filter(claim -> clusterId(claim).equals(clusterId))
                .map(claim -> claim.getMetadata().getName())
                .toList();
        String some = names.stream().limit(3).collect(Collectors.joining(", "));
        return names.size() <= 3 ? some : some + " and " + (names.size() - 3) + " more";
    }
}
