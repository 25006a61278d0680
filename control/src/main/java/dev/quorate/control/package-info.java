/**
 * Makes a cluster what its specification says: observe, plan, act, again and again.
 *
 * <p>{@link dev.quorate.control.ControlLoop} is the shell. One {@linkplain dev.quorate.control.ControlLoop#run pass} observes the
 * {@link dev.quorate.control.Platform} (which groups have resources, which nodes run) and the {@link dev.quorate.control.Database} (each
 * node's description of itself, the shard map read linearizably), lets the {@link dev.quorate.control.Planner} decide, and carries out the
 * steps. Nothing is remembered between passes: whatever a pass leaves undone, because a step failed or the process was killed, the next
 * one sees and does.
 *
 * <p>{@link dev.quorate.control.Planner#plan} is a pure function of {@link dev.quorate.control.ClusterSpec} and
 * {@link dev.quorate.control.Observation}. Its {@link dev.quorate.control.Plan} holds the {@link dev.quorate.control.Step}s that are safe
 * now, and {@link dev.quorate.control.Finding}s: what it waits for, and what only a person can put right. When there is nothing left to
 * do, a plan has no steps.
 *
 * <p>What a step relies on is compared where it takes effect: a change of the map names the epoch it was planned at, a move its shard's
 * owner, a bootstrap the recorded set of members. So a second controller, or a stale one, is refused and does no harm.
 */
package dev.quorate.control;
