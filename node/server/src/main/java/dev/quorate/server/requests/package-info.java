/**
 * The way of a request through a member: {@link dev.quorate.server.requests.Requests} admits it, {@link dev.quorate.server.requests.Ownership}
 * decides whether this member may serve it now, must send its caller elsewhere, or should hold it; {@link dev.quorate.server.requests.HeldRequests}
 * holds it until something changed.
 *
 * <p>Every request ends: with its answer, or with a typed error that says whether it took effect. The deadline is the last word. A request that was
 * proposed and not heard of again ends with effect UNKNOWN; one whose place in the log another entry took is known to have had none and starts over.
 *
 * <p>Reads are linearizable, by the leader or, when asked for ({@link dev.quorate.server.data.ReadFrom}), by any member, which asks its leader how far it
 * must have come; or they may miss what is newer than a bound.
 *
 * <p>{@link dev.quorate.server.requests.ShardSnapshots} keeps shards as they were at one moment, for whoever reads much of one; what is read from a snapshot was linearizable when it
 * was opened, whoever owns the shard by then.
 *
 * <p>Ownership is read with the data: writes are checked as they are applied, reads in the view they read from. What is checked before only saves the
 * way through the log.
 */
package dev.quorate.server.requests;
