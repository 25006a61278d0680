/**
 * The consensus core: Raft as a pure state machine. No threads, no I/O, no clock and no randomness of its own, so the same calls always give
 * the same answers, and a whole group can be simulated from a seed. A driver around it has the threads, the disk and the network.
 *
 * <p>References are to "In Search of an Understandable Consensus Algorithm" (the paper: figures, §5 to §8) and to D. Ongaro's "Consensus:
 * Bridging Theory and Practice" (the dissertation). The split into core and driver follows etcd-io/raft.
 *
 * <h2>Driver loop</h2>
 *
 * One thread owns the {@link dev.quorate.raft.Raft} and runs:
 *
 * <pre>{@code
 * while (running) {
 *     for (Event event : waitForEvents()) {                         // takes all there are: that is what batches
 *         event.applyTo(raft);                                      // tick, step, propose, readIndex, persisted, applied, report...
 *     }
 *     while (raft.hasReady()) {
 *         Ready ready = raft.ready();
 *         transport.send(ready.messages());                         // an InstallSnapshot is an order to send a snapshot
 *         if (ready.mustPersist()) {
 *             log.write(ready, () -> {                              // hardState, snapshot, entries; in the order of readies
 *                 transport.send(ready.messagesAfterPersist());     // only now
 *                 events.add(raft -> raft.persisted(ready.number()));
 *             });
 *         }
 *         apply.add(ready.committed(), index -> events.add(raft -> raft.applied(index)));
 *         reads.serveOnceApplied(ready.reads());
 *         reads.fail(ready.lostReads());
 *     }
 * }
 * }</pre>
 *
 * <h2>What the core guarantees</h2>
 *
 * <ul>
 *   <li>Figure 3 of the paper: election safety, leader append-only, log matching, leader completeness, state machine safety.
 *   <li>What is in {@code committed} is durable here and on a majority; it comes once, in order, without gaps, and never changes.
 *   <li>A read state is linearizable: its index covers all that was committed when the read was asked for.
 *   <li>Every accepted read is answered by a read state or as a lost read, as long as the member lives and ticks.
 *   <li>Everything that grows is bounded: uncommitted proposals (answered {@code Busy}), appends in flight to each follower, waiting reads, the
 *       entries kept in memory, the entries handed out to be applied.
 *   <li>A proposal that was accepted may still be lost with leadership. It took effect exactly when an entry of its index <em>and</em> term is
 *       applied; if another term's entry is applied there, it never will.
 * </ul>
 *
 * <h2>What the driver must do</h2>
 *
 * <ul>
 *   <li>Write in the order of the readies, and call {@code persisted} only after the data would survive a power failure. Several readies may
 *       share one sync and one call. A failed write or sync is never retried: stop the process.
 *   <li>Send {@code messagesAfterPersist} only then. Messages may be lost, delayed, repeated and reordered; a transport that mostly keeps the order
 *       is faster.
 *   <li>Entries whose first index is not behind the end of the log replace everything from there on.
 *   <li>Apply {@code committed} in order and call {@code applied}; without it the core stops handing out at {@code maxCommittedBytes}.
 *   <li>Start with the membership as of the applied index: the core finds later changes in the log. {@code MEMBERSHIP} entries come in {@code committed}
 *       as any others, and hold a {@link dev.quorate.raft.Membership} ({@link dev.quorate.raft.MembershipCodec}): store it with the applied index,
 *       and put it into snapshots.
 *   <li>Serve a read once its index is applied, and from that state or a later one.
 *   <li>Treat an {@link dev.quorate.raft.Message.InstallSnapshot} in {@code messages} as an order: stream a snapshot at the index named or later,
 *       then have the peer's core step the message with the index and term of what was streamed. Call {@code reportSnapshot} in the end,
 *       however it ended: until then the peer gets no entries.
 *   <li>Install {@code snapshot} (state machine first, then the log starts anew behind it) before the entries of the same ready. A snapshot that was
 *       received but does not come back in a ready was not needed: delete it.
 *   <li>Compact the log only up to what the state machine has made durable, at any time, from any thread.
 *   <li>Call {@code tick} at a steady pace, or sleep for {@code ticksUntilAction} and make up for what passed. Clocks that differ cost availability,
 *       never safety.
 *   <li>Halt the member at an {@link dev.quorate.raft.InvariantViolation}, and persist and send nothing more.
 * </ul>
 *
 * <h2>Changes of membership</h2>
 *
 * {@link dev.quorate.raft.Raft#proposeMembership} takes the group wanted. A new member is made a learner first; as soon as it has caught up it may become
 * a voter. When the voters change, the leader appends a joint configuration (C<sub>old,new</sub>), and the new one (C<sub>new</sub>) once that is
 * committed. A configuration is in effect from the moment it is in a member's log, and no longer when it is cut off again.
 *
 * <h2>Inside</h2>
 *
 * {@link dev.quorate.raft.Raft} is the entrance; {@code Receiver} has the rules for all servers and {@code Ballot} the term and the vote; the roles {@code Follower}, {@code PreCandidate}, {@code Candidate} and {@code
 * Leader} have their own. {@code RaftLog} joins what is durable ({@link dev.quorate.raft.LogView}) and what is newer ({@code LogTail}), and {@code
 * PendingWrites} knows what the disk still owes. A leader has a {@code PeerProgress} for each member in its {@code ProgressTracker} (probe,
 * replicate, snapshot; {@code InflightWindow}), a {@code Replicator} that sends, a {@code ReadQueue}, a {@code Handover} and {@code MembershipChanges}.
 * {@code MembershipHistory} has the configurations that the log holds. {@code Quorum} counts majorities, joint ones too.
 */
package dev.quorate.raft;
