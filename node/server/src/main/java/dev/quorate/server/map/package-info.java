/**
 * The shard map as a node knows it, and the way to the root group that keeps it.
 *
 * <p>{@link dev.quorate.server.map.MapCopy} is the newest map this node has seen, with what is known of each group's leader; members of the root
 * group feed it from their own state machine, others by {@link dev.quorate.server.map.MapWatcher}, long polls of all members of the root group. A copy may be
 * old: it serves redirects only, and only to an epoch higher than the node's own state. What decides something reads the map linearizably, by
 * {@link dev.quorate.server.map.Root}.
 */
package dev.quorate.server.map;
