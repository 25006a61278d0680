/**
 * How throughput grows with the number of groups, simulated: {@code bench/run scaling-simulated}.
 *
 * <p>Of the product there are the consensus core, the state machine and the rules of a move; a {@link dev.quorate.bench.scaling.SimulatedMember} drives them in the order of
 * a node's threads. Not of the product are time (a {@link dev.quorate.sim.world.Timeline} of nanoseconds), machines with so many cores ({@link dev.quorate.bench.scaling.Machine}),
 * disks and the network; and {@link dev.quorate.bench.scaling.Costs}, what each piece of work takes, which was measured. So the sizes of batches, the queues and the throughput are
 * what comes out. Left out are sessions and reads of keys.
 *
 * <p>The same seed gives the same outcome.
 */
package dev.quorate.bench.scaling;
