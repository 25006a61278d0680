/**
 * The systems that are compared. A {@link dev.quorate.bench.contender.Contender} starts a cluster of its own: three members, each a process of this
 * machine on loopback with a fresh directory, and durable writes. A {@link dev.quorate.bench.contender.Cluster} is one that runs: its processes, for
 * {@code /proc} to tell what they used, and the command of its load generator. Whatever was started ends with this process, however that ends short
 * of SIGKILL.
 */
package dev.quorate.bench.contender;
