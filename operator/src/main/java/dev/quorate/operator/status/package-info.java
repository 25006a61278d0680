/**
 * What people are told: pure functions from a pass of the control loop to statuses, conditions and events.
 *
 * <p>{@link dev.quorate.operator.status.ClusterStatuses} makes the KVCluster's status, {@link dev.quorate.operator.status.GroupStatuses} the
 * KVGroups', {@link dev.quorate.operator.status.Milestones} the events. {@link dev.quorate.operator.status.Situation} is what they are made
 * from. The cluster's conditions:
 *
 * <ul>
 *   <li><b>Ready</b>: every shard is served. First true when the cluster is all that was asked for; it stays so while groups come and go.
 *   <li><b>Progressing</b>: work is under way that needs nothing but time.
 *   <li><b>Degraded</b>: something is broken, or waits for a person; the message says what and what to do.
 *   <li><b>Balanced</b>: no shard moves or still has to; unknown while the shard map can't be read.
 * </ul>
 *
 * <p>A group's are Ready, when it has a leader and may own shards, and Degraded, as above but for what concerns that group alone.
 */
package dev.quorate.operator.status;
