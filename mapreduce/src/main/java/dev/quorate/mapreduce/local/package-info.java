/**
 * A whole job in one process (section 4.7 of the paper): {@link dev.quorate.mapreduce.local.LocalJob} drives the scheduler with threads for workers. Tasks,
 * attempts, sorting and publishing are the same as with processes for workers. Map outputs lie in a directory of the job's own and are read from there.
 *
 * <p>A task is tried once, since in one process a second try fails like the first; where bad records may be skipped, once more for each of them.
 */
package dev.quorate.mapreduce.local;
