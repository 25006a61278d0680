/**
 * The Java client.
 *
 * <ul>
 *   <li>{@link dev.quorate.client.KvClient} reads and writes data: it knows the shard map, asks the leader of the shard's group, and follows
 *       it when either moves.
 *   <li>{@link dev.quorate.client.ShardSnapshot} reads much of a shard as it was at one moment, page by page.
 *   <li>{@link dev.quorate.client.RootClient} reads and changes the shard map: it finds the leader of the root group.
 *   <li>{@link dev.quorate.client.AdminClient} asks one node, whichever it is.
 *   <li>{@link dev.quorate.client.Slots} says which slot and shard a key is in. Servers use it too.
 * </ul>
 *
 * Calls block, so call them from virtual threads if you need many at once. Every failure is a {@link dev.quorate.client.QuorateException},
 * which says what happened and whether the operation took effect.
 *
 * <p>In Kubernetes start the JVM with {@code -Dsun.net.inetaddr.negative.ttl=1}: by default it remembers for ten seconds that a name, such as that of a pod
 * which is just coming, was not there.
 */
package dev.quorate.client;
