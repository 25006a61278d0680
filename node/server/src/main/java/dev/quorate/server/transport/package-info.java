/**
 * How nodes talk to each other: length-prefixed frames over TCP, each a protobuf {@code Frame} (see peer.proto) or a message of the consensus core, with a
 * checksum ({@link dev.quorate.server.transport.RaftFrames}). A greeting carries the protocol's version; others than the own are refused.
 *
 * <p>{@link dev.quorate.server.transport.PeerServer} listens, and knows its callers by their handshake: cluster, group, member and token. A
 * {@link dev.quorate.server.transport.PeerLink} carries this member's Raft messages to one peer; it drops them when the peer is away or slow,
 * as Raft expects of a network. {@link dev.quorate.server.transport.PeerCalls} carries calls that want an answer (the shard map, parts of a
 * shard, snapshots), on connections of their own so that bulk does not delay consensus.
 *
 * <p>The core runs on the event loop {@link dev.quorate.server.transport.Sockets#consensus}, and with it both ends of its connections. Calls' answers and all
 * clients are on other loops. Names are looked up on neither.
 *
 * <p>For tests a process may have a {@link dev.quorate.server.transport.FaultSwitch}, which loses or delays frames at the
 * {@link dev.quorate.server.transport.FaultGate} of each connection. Without it there is no gate.
 *
 * <p>Everything is bounded: a frame's size, bytes queued on a connection, calls in flight. A malformed frame closes the connection it came on
 * and no other.
 */
package dev.quorate.server.transport;
