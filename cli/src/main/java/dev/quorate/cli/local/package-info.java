/**
 * A whole cluster in this process: what {@code quorate demo} runs.
 *
 * <p>{@link dev.quorate.cli.local.LocalCluster} runs the control loop over {@link dev.quorate.cli.local.LocalPlatform}, whose nodes
 * ({@link dev.quorate.cli.local.LocalNode}) are the very objects that a pod runs: each with its own directory, log, RocksDB and ports, talking
 * to each other over loopback TCP. {@link dev.quorate.cli.local.ClusterDirectory} is what stays on disk:
 *
 * <pre>
 * cluster.json          name, identity, sizes and token
 * root-members          the root group's members, recorded before they were bootstrapped
 * quorate.0.log         what all nodes and the control loop logged
 * groups/G/I/ports      the ports that member I of group G announces, always the same
 * groups/G/I/data/      its node's own directory
 * </pre>
 */
package dev.quorate.cli.local;
