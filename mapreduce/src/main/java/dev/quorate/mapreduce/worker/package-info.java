/**
 * A worker of a distributed job: pulls tasks from whoever coordinates the job now, runs them, and serves its map outputs to other workers until the job has ended.
 *
 * <ul>
 *   <li>{@link dev.quorate.mapreduce.worker.Worker} keeps the list of its attempts and exchanges it with the coordinator, which it finds in the job's table.
 *   <li>{@link dev.quorate.mapreduce.worker.OutputServer} serves segments of map outputs from its disk.
 *   <li>{@link dev.quorate.mapreduce.worker.Shuffle} fetches a partition's segments from all workers into one file on the local disk, from which they are merged.
 * </ul>
 *
 * <p>A worker remembers nothing beyond its life: one that comes back is a new one with another name.
 */
package dev.quorate.mapreduce.worker;
