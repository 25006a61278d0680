/**
 * What must hold of the whole: the house rules, and a user's days on a real Kubernetes.
 *
 * <p>{@link dev.quorate.e2e.HouseTest} needs nothing and runs with every build. The {@code *IT} classes, one per behaviour, run with
 * {@code ./mvnw verify -Pe2e}: they share one Kubernetes in Docker and one installation of the chart ({@link dev.quorate.e2e.Rig}) and, where
 * they don't break it, one cluster ({@link dev.quorate.e2e.Demo}). Each brings the cluster to the state it needs first, so that any of them runs
 * alone: {@code ./mvnw verify -Pe2e -Dit.test=ScaleIT}.
 */
package dev.quorate.e2e;
