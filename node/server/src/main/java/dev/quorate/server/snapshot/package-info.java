/**
 * Snapshots on their way from a leader to a follower that is too far behind for the log (§7).
 *
 * <p>The sender takes a checkpoint of its store, offers it, and sends the files in chunks, each with its checksum; the receiver says where it wants
 * to go on, so a broken connection costs one chunk. When all files are there the receiver gives its core the InstallSnapshot message; the core
 * takes or refuses it, and the replica puts it in place so that a crash leaves the old state or the new one.
 */
package dev.quorate.server.snapshot;
