/**
 * The keys of a Quorate cluster as input and output.
 *
 * <p>Input: {@code keyspace} or {@code keyspace:MIB}, of inputs {@code HOST:PORT[,HOST:PORT...]/PREFIX}. A split is a shard; its records are the keys with the prefix, in
 * order ({@code Text}), with value and version ({@link dev.quorate.mapreduce.StoredValue}). A shard is read page by page, each as it is at that moment: a key that is
 * there all the while comes once, one that comes or goes meanwhile may be missing. So a task that is run again may see other records than before; its
 * output is still that of one attempt. Each map task reads at most MIB mebibytes a second (2 unless said otherwise), so that what else the cluster serves
 * keeps its latency: with N tasks at a time, N times that.
 *
 * <p>Output: a job's files, once its tasks are committed, are loaded under a prefix of the job's own ({@link dev.quorate.mapreduce.keyspace.KeyspaceOutput}), and become
 * current by one write of a pointer ({@link dev.quorate.mapreduce.keyspace.KeyspaceTarget}).
 */
package dev.quorate.mapreduce.keyspace;
