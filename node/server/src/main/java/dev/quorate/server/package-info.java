/**
 * The node: one member of one group as a plain object, and what it is made of.
 *
 * <p>{@link dev.quorate.server.Node} is what a process (or a demo with many in one JVM) starts and stops. It owns the data directory, the peer port, and,
 * once the group is bootstrapped, a replica: log, state machine, consensus driver, requests, moves, the copy of the shard map. The ports that clients
 * use (Redis, gRPC, HTTP) are put around it by its shell and work on {@link dev.quorate.server.data.KeyValueStore}.
 */
package dev.quorate.server;
