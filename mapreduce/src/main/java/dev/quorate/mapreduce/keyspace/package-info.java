/**
 * The keys of a Quorate cluster as input and output.
 *
 * <p>Input: {@code keyspace}, {@code keyspace:MIB} or {@code keyspace:MIB,SECONDS}, of inputs {@code HOST:PORT[,HOST:PORT...]/PREFIX}. A split is a shard; its records are the
 * keys with the prefix, in order ({@code Text}), with value and version ({@link dev.quorate.mapreduce.StoredValue}).
 *
 * <p>A shard is read from a snapshot: all of its records are as they were at one moment, when its attempt began. Each shard has a moment of its own, and an attempt that is run
 * again has another; the job's output is that of one attempt of each task. The snapshot is held by the shard's leader, or, with SECONDS, by any member that misses nothing older
 * than that; it is lost with that member, and the attempt then fails and is run again. A split prefers workers whose node is the host of such a member, or the
 * node that the coordinator was told this host is on.
 *
 * <p>Each map task reads at most MIB mebibytes a second (2 unless said otherwise), so that what else the cluster serves keeps its latency: with N tasks at a time, N times that.
 *
 * <p>Output: a job's files, once its tasks are committed, are loaded under a prefix of the job's own ({@link dev.quorate.mapreduce.keyspace.KeyspaceOutput}), and become
 * current by one write of a pointer ({@link dev.quorate.mapreduce.keyspace.KeyspaceTarget}).
 */
package dev.quorate.mapreduce.keyspace;
