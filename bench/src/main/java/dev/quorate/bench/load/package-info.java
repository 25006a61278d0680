/**
 * The load generator: a process of its own, so that its CPU time is told apart from the servers'. Callers in a closed loop: each has one operation
 * outstanding, and begins the next when that is answered. Keys are 16 bytes, drawn evenly; values are random bytes, which nothing can compress.
 *
 * <p>It is spoken to in lines. {@code load KEYS VALUE_BYTES CALLERS MILLIS} writes every key once, goes on with reads and writes until the time is
 * over, and answers {@code loaded}. {@code run WORKLOAD CALLERS WARM_UP_MILLIS MILLIS} answers {@code measuring} when the warm-up is over and, at
 * the end, {@code measured OPERATIONS FAILURES NANOS P50 P99 P999 MAX}, latencies in microseconds. With {@code PER_SECOND} at the end callers pace themselves:
 * that many operations a second of all of them together, and no more. The generator for etcd, {@code load.go}, speaks
 * the same on etcd's own Go client, but for the pace.
 */
package dev.quorate.bench.load;
