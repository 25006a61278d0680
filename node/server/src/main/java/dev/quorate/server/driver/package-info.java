/**
 * Runs the consensus core of one member: the threads, the disk and the network around {@code dev.quorate.raft}.
 *
 * <p>{@link dev.quorate.server.driver.RaftDriver} is what others see of it. Three threads work. The <em>loop</em> ({@link
 * dev.quorate.server.driver.CoreLoop}) alone touches the core. It works in turns: one takes all messages, proposals and reads that have come since the
 * last from a bounded inbox, ticks the core's clock, and hands out what each {@code Ready} asks for. The turns run on the event loop that also does the
 * input and output of the connections to the peers, so that a message goes from the wire to the core and back without another thread: waking one costs
 * more than all that the core does. The <em>log writer</em> ({@link dev.quorate.server.driver.LogWriter}) appends everything that was queued meanwhile
 * and then syncs once, so that one fsync covers many proposals; a leader's AppendEntries have left by then. The <em>applier</em> ({@link
 * dev.quorate.server.driver.Applier}) feeds committed entries to the state machine and completes proposals; it wakes the loop only when something waits for
 * what was applied. It and the threads that serve confirmed reads answer in {@linkplain dev.quorate.server.data.Bursts bursts}, so that the answers to one
 * client share a message.
 *
 * <p>The writer and the applier report back by a number each, never by a queue, so that no cycle of full queues can stop the three. What they
 * are handed is bounded by the core: uncommitted bytes, bytes in flight, bytes being applied.
 *
 * <p>Any failed write and any violated invariant halts the member by {@link dev.quorate.server.driver.Halt}; nothing is retried in doubt.
 */
package dev.quorate.server.driver;
