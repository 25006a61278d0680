/**
 * What a cluster's Kubernetes objects look like: pure builders, one for each kind.
 *
 * <p>{@link dev.quorate.operator.resources.ClusterIdentity} holds the names and labels that all of them agree on. The objects of a whole
 * cluster are two {@link dev.quorate.operator.resources.Services} and the {@link dev.quorate.operator.resources.TokenSecrets token}; those of
 * a group are its {@link dev.quorate.operator.resources.KVGroups KVGroup}, its
 * {@link dev.quorate.operator.resources.DisruptionBudgets disruption budget} and its
 * {@link dev.quorate.operator.resources.StatefulSets StatefulSet}, whose pods {@link dev.quorate.operator.resources.NodePods} describes.
 *
 * <p>All are owned by the KVCluster, not by one another: a KVGroup that is deleted by hand takes no pod with it. Volumes are owned by nobody,
 * unless {@code spec.reclaimPolicy} is {@code Delete}.
 */
package dev.quorate.operator.resources;
