/**
 * Members of simulated groups. A {@link dev.quorate.sim.member.Member} is a replica's identity and its disk; while it is up it has a {@code Process},
 * which is the real consensus core, the real write-ahead log (on a disk that forgets) and the real state machine's logic, driven by one thread in
 * simulated time.
 *
 * <p>The order of a process's steps is that of the node's driver: events are handled in turns, a turn ends by carrying out what is ready; a writer
 * appends all that waits, syncs once, and only then lets the messages go that must follow; an applier feeds the state machine; reads are served from
 * the state once their index is applied. Between any two of these there is room for other members' steps, for a crash, and for a pause.
 *
 * <p>A snapshot is sent by the leader or by another member in its place, in chunks, and taken by the node's own {@link
 * dev.quorate.server.snapshot.SnapshotReceiver}; what it keeps is in memory here. It may be damaged at the sender, on the way and at the receiver.
 *
 * <p>{@link dev.quorate.sim.member.Observer} sees everything that happens; invariants are observers.
 */
package dev.quorate.sim.member;
