/**
 * Snapshots on their way to a member that is too far behind for the log (§7).
 *
 * <p>The leader's {@link dev.quorate.server.snapshot.SnapshotCourier} asks a follower that is up to date to send its own state in its place, and falls
 * back to sending itself. The {@link dev.quorate.server.snapshot.SnapshotSender} takes a checkpoint of its store, verifies it, offers it, and sends the
 * files in chunks, each with its checksum, at most so many bytes a second ({@link dev.quorate.server.snapshot.Throttle}). The {@link
 * dev.quorate.server.snapshot.SnapshotReceiver} says where it wants to go on, so a broken connection or a damaged chunk costs one chunk. When all files
 * are there, verified and durable, it gives its core the InstallSnapshot message, in the leader's name whoever sent; the core takes or refuses it, and
 * the replica puts it in place so that a crash leaves the old state or the new one.
 *
 * <pre>
 * leader               follower                      member that is behind
 *   |-- SendSnapshot ----->|                                  |
 *   |<-- UNDER_WAY --------|-- OfferSnapshot ---------------->|
 *   |-- SendSnapshot ----->|<----------------- position ------|
 *   |<-- UNDER_WAY --------|-- SnapshotChunk, again and again>|  each is answered by the next position
 *   |-- SendSnapshot ----->|-- FinishSnapshot --------------->|  verifies, then tells its core
 *   |<-- DELIVERED --------|<--------------------- done ------|
 * </pre>
 */
package dev.quorate.server.snapshot;
