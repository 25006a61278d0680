/**
 * What must always hold, one class each. An invariant is an {@link dev.quorate.sim.member.Observer} that keeps what little it needs to check each step
 * at once, and throws a {@link dev.quorate.sim.world.Violation}. {@link dev.quorate.sim.invariant.CommitHistory} is what they share: everything that
 * any member ever knew to be committed.
 */
package dev.quorate.sim.invariant;
