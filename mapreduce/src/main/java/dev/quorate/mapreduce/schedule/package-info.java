/**
 * The scheduler of one job: which attempt runs where, which one counts, and when the job has ended. Pure: {@link dev.quorate.mapreduce.schedule.Event}s in,
 * {@link dev.quorate.mapreduce.schedule.Decision}s out; the time comes with the events; no clock, no threads, no I/O, no randomness. The same events give the
 * same decisions. Local mode and coordinators drive it.
 *
 * <pre>
 *  task:     OPEN ------- an attempt is committed -------> COMMITTED
 *             ^                                                |
 *             +------------ a map's output is gone ------------+
 *
 *  attempt:  RUNNING -- Finished --> COMMITTING -- Committed --> its task's
 *               |                        +-------- another was ---> forgotten
 *               +------ Failed (counts against the task), Lost (does not) ---> forgotten
 *
 *  job:      MAP -- all maps committed --> REDUCE -- all reduces --> PUBLISH --> SUCCEEDED
 *             ^                              |          a task failed too often --> FAILED
 *             +------ a map is open again ---+
 * </pre>
 *
 * <p>A commit takes two steps, so that it can be made durable in between: {@code Finished} is answered by the decision {@code Commit}; whoever drives the
 * scheduler writes it down, learns which attempt is the task's, and says {@code Committed}. At most one attempt of a task is in between.
 *
 * <p>Bounds: at most two attempts of a task run at a time, the second a backup (section 3.6 of the paper); a task fails its job after {@link
 * dev.quorate.mapreduce.schedule.Policy#attemptsMax} failures, of which those on records that are left out since do not count.
 */
package dev.quorate.mapreduce.schedule;
