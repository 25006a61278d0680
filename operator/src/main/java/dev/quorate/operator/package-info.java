/**
 * The Kubernetes operator: it makes every KVCluster what it says, and runs every MapReduceJob.
 *
 * <p>{@link dev.quorate.operator.KVClusterReconciler} is the entry. One reconciliation brings the objects that all groups share up to date,
 * runs one pass of {@link dev.quorate.control.ControlLoop} over {@link dev.quorate.operator.kubernetes.KubernetesPlatform} and the nodes' own
 * word, and writes what it learnt to the statuses. All decisions about groups and shards are {@code control}'s. Nothing is remembered between
 * reconciliations, so the operator may die between any two steps; and while it is away the nodes go on without it.
 *
 * <p>It never writes a KVCluster's spec and puts no finalizer on it, so that it can't hang a namespace. What goes with a cluster is owned by
 * its KVCluster, and Kubernetes collects it.
 *
 * <p>{@link dev.quorate.operator.MapReduceJobReconciler} does the same for jobs, whose truth is in their cluster; what is done and told is decided in
 * {@link dev.quorate.operator.mapreduce}. Jobs do have a finalizer, for what they leave on volumes and in clusters nobody else collects; it waits a minute and a half at most.
 *
 * <p>One operator of several works: the one that holds the Lease {@code quorate-operator}.
 */
package dev.quorate.operator;
