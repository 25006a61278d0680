/**
 * The shard map's own state machine, which the root group replicates: groups come, own shards and go; shards move. It is the lab's shard controller.
 *
 * <p>{@link dev.quorate.store.map.ShardMapMachine} is a pure function from a map and a change to the next map. Every change that takes effect adds
 * one to the epoch. A change that is refused leaves the map as it was and says in a sentence what stands against it. A change that is there already
 * is accepted and leaves the map as it was, so that a caller who does not know whether it got through can repeat it; one that names an
 * {@code expected_epoch} is compared with that first.
 *
 * <p>A group's life: JOINING, ACTIVE, DRAINING, DRAINED, then it is removed; DRAINING and DRAINED may become ACTIVE again. Ids only go up.
 *
 * <p>A move's life: COPYING, then by one decision SWITCHED (the target owns the shard from that epoch on) or ABORTED; then both sides say that they
 * are done, the target of a switch first, since the source deletes its copy; then the move is forgotten. Its id is the epoch that recorded it. There
 * is one move per shard at a time.
 *
 * <p>A root group that was formed anew, since the former one was lost, gets its map by one RestoreMap, of an epoch above all that there were.
 */
package dev.quorate.store.map;
