/**
 * The proof that the simulator sees what it should: one guard after the other is removed from the consensus core, the log or the state machine, and
 * the simulator must notice each time.
 *
 * <p>A {@link dev.quorate.sim.mutation.Mutant} is a file in {@code node/sim/src/test/mutants}: which guard, and which lines of which sources are
 * replaced by which. It is applied to a copy of the source, compiled aside, and put in front of the class path of a process of its own, so the product
 * has no switches for it. {@link dev.quorate.sim.mutation.MutantsTest} checks with every build that all of them still apply and compile. {@link
 * dev.quorate.sim.mutation.MutationProof} runs them, which takes minutes:
 *
 * <pre>
 * ./mvnw -pl node/sim -am test -Dtest=MutationProof -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * <h2>The format</h2>
 *
 * The file's name is the mutant's. Every part begins with its keyword; lines are compared without the space around them, and must be found exactly once:
 *
 * <pre>
 * guard: what the removed guard is for
 * file: node/raft/src/main/java/dev/quorate/raft/Leader.java
 * before:
 *     lines of the source
 * after:
 *     the lines in their place, or none
 * file: another patch may follow
 * </pre>
 */
package dev.quorate.sim.mutation;
