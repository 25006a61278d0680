/**
 * A whole cluster on this machine: what {@code quorate demo} and {@code quorate up} run.
 *
 * <p>{@link dev.quorate.cli.local.LocalCluster} runs the control loop over {@link dev.quorate.cli.local.LocalPlatform}. Its members are the very
 * objects that a pod runs, each with its own directory, log, RocksDB and ports, talking to each other over loopback TCP: either
 * {@link dev.quorate.cli.local.LocalNode}s in this process, or {@link dev.quorate.cli.local.MemberProcess}es, each of which runs
 * {@link dev.quorate.cli.local.MemberMain}. A member that ends is started again, like a pod.
 *
 * <p>{@code quorate up} leaves a {@link dev.quorate.cli.local.ControlProcess} behind. When that one is killed, members go on; the next one finds
 * their processes by the file {@code pid} and takes them over. A process id is only believed together with its start time. Two control processes
 * can't harm: changes of the shard map are compare-and-sets, and a member's directory is locked.
 *
 * <p>{@link dev.quorate.cli.local.ClusterDirectory} is what stays on disk:
 *
 * <pre>
 * cluster.json          name, identity, sizes and token
 * root-members          the root group's members, recorded before they were bootstrapped
 * quorate.0.log         what the control loop logged, and the nodes that share its process
 * groups/G/I/ports      the ports that member I of group G announces, always the same
 * groups/G/I/data/      its node's own directory
 * groups/G/I/settings.json, pid, member.0.log, output   of a member that is a process of its own
 * </pre>
 */
package dev.quorate.cli.local;
