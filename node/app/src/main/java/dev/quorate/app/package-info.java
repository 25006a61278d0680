/**
 * A node as a process. Quarkus gives configuration, health, metrics and the console; what a node is and does is in {@code dev.quorate.server}.
 *
 * <p>{@link dev.quorate.app.NodeProcess} starts the node and its ports and stops them in good order on SIGTERM. {@link dev.quorate.app.NodeSettings} are
 * the settings: {@code quorate.*}, in the environment {@code QUORATE_*}.
 *
 * <ul>
 *   <li>{@code /q/health/ready}: the node is bootstrapped and caught up, whatever the state of the quorum: clients must reach the errors that say why
 *       nothing works. {@code /q/health/live}: the process runs; it knows nothing of quorum.
 *   <li>{@code /q/metrics}: for Prometheus. {@code /}: the console, {@code /api/status}: what it shows.
 * </ul>
 */
package dev.quorate.app;
