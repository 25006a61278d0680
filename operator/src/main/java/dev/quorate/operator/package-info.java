/**
 * The Kubernetes operator: it makes every KVCluster what it says.
 *
 * <p>{@link dev.quorate.operator.KVClusterReconciler} is the entry. One reconciliation brings the objects that all groups share up to date,
 * runs one pass of {@link dev.quorate.control.ControlLoop} over {@link dev.quorate.operator.kubernetes.KubernetesPlatform} and the nodes' own
 * word, and writes what it learnt to the statuses. All decisions about groups and shards are {@code control}'s. Nothing is remembered between
 * reconciliations, so the operator may die between any two steps; and while it is away the nodes go on without it.
 *
 * <p>It never writes a KVCluster's spec and puts no finalizer on it, so that it can't hang a namespace. What goes with a cluster is owned by
 * its KVCluster, and Kubernetes collects it.
 *
 * <p>One operator of several works: the one that holds the Lease {@code quorate-operator}.
 */
package dev.quorate.operator;
