/**
 * The node: one member of one group as a plain object, and what it is made of.
 *
 * <p>{@link dev.quorate.server.Node} is what a process (or a demo with many in one JVM) starts and stops. It owns the data directory, the peer port, and,
 * once the group is bootstrapped, a replica: log, state machine, consensus driver, requests, moves, the copy of the shard map. The ports that clients
 * use (Redis, gRPC, HTTP) are put around it by its shell and work on {@link dev.quorate.server.data.KeyValueStore}, the admin port on {@link
 * dev.quorate.server.GroupAdmin}.
 *
 * <h2>Members</h2>
 *
 * A member is the UUID that its disk got at the first start. It becomes part of a group once: as one of the first members, by a bootstrap, or later, at
 * the group's leader's word ({@code JoinGroup}). Then it starts from the very same founding as the others, gets the log or a snapshot, and has no vote until
 * it has caught up and the group gives it one. {@link dev.quorate.server.MembershipChange} makes such changes on the leader, {@link
 * dev.quorate.server.MemberBook} knows where the members are: that is replicated beside the membership, and like it counts from the log on. An empty disk under an old name is a new member.
 *
 * <p>The group remembers whom it removed. Such a member is told when it connects, or learns it from the log. It stops; its next start archives what it
 * had and makes a new member of the directory ({@link dev.quorate.server.RemovedMember}).
 *
 * <h2>Replicas are equal</h2>
 *
 * {@link dev.quorate.server.Scrubber} compares them, shard after shard, at an agreed index, on the leader. A replica that differs from all others is removed
 * from the group: it has no vote, can't lead, and its node stops serving. The bad data is kept in the archive, and the new member that the node makes of itself
 * is rebuilt by a snapshot. Everything less plain (one against one, voters that do not answer) is only reported: in the log, as {@code
 * quorate.replicas.differing}, and in the leader's description.
 */
package dev.quorate.server;
