/**
 * A mapper, combiner or reducer that is a command, run by a shell, one process for each attempt, as Hadoop Streaming has it.
 *
 * <ul>
 *   <li>Standard input: a line for each record. A mapper on text gets the lines, on JSON the values, on others key, tab, value. A reducer gets key, tab, value, for
 *       all values of all its keys, in the order of the keys; it sees by itself where one key ends.
 *   <li>Standard output: a line for each pair, key, tab, value. Without a tab the value is empty.
 *   <li>Standard error: {@code reporter:counter:GROUP,NAME,N} adds to a counter; {@code reporter:status:TEXT} is shown in the status of the job. Of the other lines the last
 *       ones are part of the message when the command fails.
 *   <li>Environment: {@code QUORATE_TASK}, {@code QUORATE_ATTEMPT}.
 *   <li>A combiner is fed as a reducer is, with all that a map has made, partition after partition, and writes pairs in any order.
 *   <li>A command that ends with another status than 0 has failed. One that ends with 0 before it has read all has read enough.
 * </ul>
 */
package dev.quorate.mapreduce.command;
