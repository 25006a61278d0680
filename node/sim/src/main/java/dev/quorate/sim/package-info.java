/**
 * The deterministic simulator: whole clusters on one thread from one seed, with a network, disks and clocks that fail in every way the simulator can
 * think of. The consensus core, the write-ahead log and the state machine are the product's own; only what surrounds them is simulated.
 *
 * <h2>A run</h2>
 *
 * A {@link dev.quorate.sim.Scenario} is drawn from the seed: how many members and clients, which kinds of {@link dev.quorate.sim.world.Fault}, how fast
 * disks and clocks are. A {@link dev.quorate.sim.Simulation} then has two phases. In the safety phase faults happen, and every {@link
 * dev.quorate.sim.invariant invariant} is checked after every step. Disks may be lost for good, but never a majority of a configuration that may still
 * decide something ({@code LiveMemberships}): what follows could not hold then. In the liveness phase they stop: the cluster must serve again, and in the end all of
 * its members must be equal, within a bounded simulated time.
 *
 * <h2>Many runs</h2>
 *
 * {@link dev.quorate.sim.Soak} runs seeds on some threads for a time; it is what {@code ./quorate soak} and the tests use. A seed that fails is
 * shrunk by a {@link dev.quorate.sim.Shrinker}: fewer kinds of faults, fewer clients and members, a shorter time, as long as it still fails. It prints
 * one command that repeats the run, and one that repeats the shrunk one.
 *
 * <h2>What makes it deterministic</h2>
 *
 * One {@link java.util.SplittableRandom} is behind every choice, and one {@link dev.quorate.sim.world.Timeline} behind every order. Nothing may iterate
 * over a set or map whose order differs from run to run ({@code Set.of} does), and nothing looks at the machine's clock.
 */
package dev.quorate.sim;
