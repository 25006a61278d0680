/**
 * MapReduceJobs on Kubernetes: pure functions from what is known of a job to what is done and what is told, and the builders of its objects.
 *
 * <p>A job's objects are the Job of its {@link dev.quorate.operator.mapreduce.WorkerJobs workers}, one pod for each worker, and the Deployment of its
 * {@link dev.quorate.operator.mapreduce.Coordinators coordinator}; tasks are rows of a table in the job's cluster, and never objects. That table is the truth
 * ({@link dev.quorate.operator.mapreduce.Stored}): {@link dev.quorate.operator.mapreduce.JobPlanner} says from it what is to be done,
 * {@link dev.quorate.operator.mapreduce.JobStatuses} and {@link dev.quorate.operator.mapreduce.JobMilestones} what is told.
 *
 * <p>Where the input is keys of clusters, the coordinator is told on which Kubernetes nodes their members run ({@link dev.quorate.operator.mapreduce.MemberNodes}), so that a shard is
 * read by a worker beside it if there is one.
 *
 * <pre>
 *             submitted           a coordinator has begun                                   outcome in the store
 *   Pending ------------- Pending ----------------------- Mapping -- Reducing -- Publishing ------------------- Succeeded | Failed
 *                            \________________________________|__________|____________/
 *                                        suspend: Suspended; its pods go, its table stays; and back
 * </pre>
 *
 * <p>What a death does. A worker: its attempts run elsewhere, and its maps again where their output is still needed; the Job replaces its pod. The coordinator: the Deployment
 * replaces its pod, which reads the table and goes on. The operator: the job goes on without it; only status, suspension and cleanup wait. The cluster's leader: commits wait for
 * the next one. The cluster for good: the job has lost its state and is failed ({@code StateLost}).
 *
 * <p>A job that is deleted goes by {@link dev.quorate.operator.mapreduce.Cleanup}, behind a finalizer of bounded patience: pods, half-written output, state.
 */
package dev.quorate.operator.mapreduce;
