/**
 * A whole cluster of real processes, under faults and under load: what {@code quorate soak --processes} runs.
 *
 * <p>{@link dev.quorate.cli.nemesis.Nemesis} starts a {@link dev.quorate.cli.local.LocalCluster} whose members are processes, and goes on in rounds of
 * a minute. In a round {@link dev.quorate.cli.nemesis.Load} lets Java clients and Jedis read and write the same registers and counters, some in each
 * shard; {@link dev.quorate.cli.nemesis.Ledger} writes ever larger numbers to many keys; {@link dev.quorate.cli.nemesis.Injector} brings what the
 * {@link dev.quorate.cli.nemesis.Schedule} says, which depends on the round's number alone. Then faults end, and
 * {@link dev.quorate.cli.nemesis.Verification} and
 * {@link dev.quorate.cli.nemesis.Aftermath} see to it that
 *
 * <ul>
 *   <li>the cluster comes to what was asked of it last: so many groups, each with all its members, shards spread evenly, nothing left behind;
 *   <li>the history of every key is linearizable, every key having been read once more: no acknowledged write is lost, no write of the Java client took
 *       effect twice, and of Jedis' no more than it sent;
 *   <li>the replicas of each shard are equal, and each shard has one home;
 *   <li>no member has logged that something is severely wrong, and in the end no process is left.
 * </ul>
 *
 * <p>{@link dev.quorate.cli.nemesis.RemoteLoad} is the clients and the verdict without the rest: {@code quorate load}, beside a cluster that somebody else runs
 * and brings faults upon.
 *
 * <p>A round is repeated by its number, processes and timing aside. When something is wrong the cluster's folder stays: {@code nemesis.log} has the faults,
 * {@code groups/} the members' logs and data, {@code history.jsonl} what clients saw.
 */
package dev.quorate.cli.nemesis;
