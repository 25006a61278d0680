/**
 * A job's state in a Quorate cluster: its description, its splits, who coordinates it, which attempt of each task counts, how it ended. All of a job's keys are in
 * one shard, by the hash tag {@code {mr:JOB}}, and every change is a compare-and-set of one key.
 *
 * <p>{@link dev.quorate.mapreduce.table.JobTable} is all that coordinators and workers know of it. Its safety rests on two rules. A commit is a compare-and-set from
 * the version at which the task was read as open, so it happens once, whoever tries. And what is acted on was acknowledged by the store before. A write
 * whose outcome is unknown is read again. See docs/mapreduce.md, the coordinator's state.
 */
package dev.quorate.mapreduce.table;
