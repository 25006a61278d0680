/**
 * A deterministic simulation of whole groups. One seed decides everything: the size of the group, delays and losses of the network, how slow
 * the disks are and what a crash leaves on them, clocks that run apart, pauses, proposals, reads, transfers and compactions. So a failure is
 * replayed by its seed.
 *
 * <p>{@link dev.quorate.raft.sim.Simulation} runs one seed: first with faults, for safety; then without, for liveness. Every {@link
 * dev.quorate.raft.sim.Invariant} is a class and is checked after every step. {@link dev.quorate.raft.sim.SimulationTest} chooses the seeds.
 */
package dev.quorate.raft.sim;
