/**
 * A job and one attempt of each of its tasks.
 *
 * <p>{@link dev.quorate.mapreduce.job.JobSpec} is what the user asked for, in words. {@link dev.quorate.mapreduce.job.Job} is that with its classes found and their
 * types checked against each other, so that what can be wrong with it is said before anything runs, as a {@link
 * dev.quorate.mapreduce.job.JobException}. {@link dev.quorate.mapreduce.job.MapAttempt}, {@link dev.quorate.mapreduce.job.ReduceAttempt} and {@link
 * dev.quorate.mapreduce.job.OutputDirectory#publish} do the work of a task; they know nothing of other tasks, of the scheduler or of where they run. What
 * goes wrong in one is a {@link dev.quorate.mapreduce.job.AttemptException}: the task, the record with a bounded excerpt, and the cause.
 *
 * <h2>Types</h2>
 *
 * The types between input format and mapper, mapper and reducer, reducer and output format must be the same, with one liberty: {@code Text}, {@code String} and
 * {@code byte[]} are all the same bytes, so any of them may stand for another ({@link dev.quorate.mapreduce.job.Types}). A command takes and gives {@code Text}.
 *
 * <h2>Output</h2>
 *
 * An attempt of a reduce writes {@code _attempts/ID} in the output directory. Publishing renames the file of each partition's committed attempt to
 * {@code part-00000} ..., then writes {@code _SUCCESS}, and removes what is left of other attempts. It may be repeated.
 */
package dev.quorate.mapreduce.job;
