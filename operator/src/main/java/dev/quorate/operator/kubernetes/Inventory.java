package dev.quorate.operator.kubernetes;

import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVGroup;
import dev.quorate.operator.resources.ClusterIdentity;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cluster's objects, as the watches last saw them. Only those that this very KVCluster owns: the objects of a deleted one of the same name
 * may still be on their way out. Volumes are the exception, for they outlive their cluster.
 *
 * @param claims all volumes' claims that carry the cluster's name, whichever cluster made them
 */
public record Inventory(
        SortedMap<Integer, StatefulSet> statefulSets,
        SortedMap<Integer, KVGroup> kvGroups,
        SortedMap<Integer, PodDisruptionBudget> budgets,
        List<Pod> pods,
        List<PersistentVolumeClaim> claims,
        List<Service> services) {

    static Inventory of(ClusterIdentity cluster, Context<KVCluster> context) {
        SortedMap<Integer, StatefulSet> statefulSets =
                byGroup(cluster, context.getSecondaryResources(StatefulSet.class));
        Set<String> owners = statefulSets.values().stream()
                .map(set -> set.getMetadata().getUid())
                .collect(Collectors.toSet());
        return new Inventory(
                statefulSets,
                byGroup(cluster, context.getSecondaryResources(KVGroup.class)),
                byGroup(cluster, context.getSecondaryResources(PodDisruptionBudget.class)),
                context.getSecondaryResources(Pod.class).stream()
                        .filter(pod -> pod.getMetadata().getOwnerReferences().stream()
                                .anyMatch(owner -> owners.contains(owner.getUid())))
                        .sorted(byName())
                        .toList(),
                context.getSecondaryResources(PersistentVolumeClaim.class).stream()
                        .sorted(byName())
                        .toList(),
                context.getSecondaryResources(Service.class).stream()
                        .filter(cluster::owns)
                        .toList());
    }

    /** Every group that has objects, in order. */
    public SortedSet<Integer> groups() {
        return Stream.of(statefulSets, kvGroups, budgets)
                .flatMap(objects -> objects.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Nothing of the group is missing or on its way out. */
    boolean complete(int group) {
        return Stream.of(statefulSets.get(group), kvGroups.get(group), budgets.get(group))
                .allMatch(object -> object != null && !terminating(object));
    }

    /** By name, which for pods of one group is by ordinal up to nine members. */
    public List<Pod> pods(int group) {
        return pods.stream()
                .filter(pod -> ClusterIdentity.group(pod).equals(Optional.of(group)))
                .toList();
    }

    Optional<PersistentVolumeClaim> claim(String name) {
        return claims.stream()
                .filter(claim -> claim.getMetadata().getName().equals(name))
                .findFirst();
    }

    Optional<Service> service(String name) {
        return services.stream()
                .filter(service -> service.getMetadata().getName().equals(name))
                .findFirst();
    }

    static boolean terminating(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    private static <T extends HasMetadata> SortedMap<Integer, T> byGroup(ClusterIdentity cluster, Set<T> objects) {
        SortedMap<Integer, T> groups = new TreeMap<>();
        for (T object : objects) {
            ClusterIdentity.group(object)
                    .filter(group -> cluster.owns(object))
                    .filter(group -> Objects.equals(object.getMetadata().getName(), cluster.groupName(group)))
                    .ifPresent(group -> groups.put(group, object));
        }
        return groups;
    }

    private static Comparator<HasMetadata> byName() {
        return Comparator.comparing(object -> object.getMetadata().getName());
    }
}
