/**
 * How nodes talk to each other: length-prefixed frames over TCP, one protobuf {@code Frame} each (see peer.proto).
 *
 * <p>{@link dev.quorate.server.transport.PeerServer} listens, and knows its callers by their handshake: cluster, group, member and token. A
 * {@link dev.quorate.server.transport.PeerLink} carries this member's Raft messages to one peer; it drops them when the peer is away or slow,
 * as Raft expects of a network. {@link dev.quorate.server.transport.PeerCalls} carries calls that want an answer (the shard map, parts of a
 * shard, snapshots), on connections of their own so that bulk does not delay consensus.
 *
 * <p>For tests a process may have a {@link dev.quorate.server.transport.FaultSwitch}, which loses or delays frames at the
 * {@link dev.quorate.server.transport.FaultGate} of each connection. Without it there is no gate.
 *
 * <p>Everything is bounded: a frame's size, bytes queued on a connection, calls in flight. A malformed frame closes the connection it came on
 * and no other.
 */
package dev.quorate.server.transport;
