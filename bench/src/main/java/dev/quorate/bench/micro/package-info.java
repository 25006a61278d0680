/**
 * Micro-benchmarks (JMH) of the paths that every entry takes, with the bytes they allocate: {@code bench/run micro}. Each figure is for one entry (or
 * read, or request) of a batch of {@link dev.quorate.bench.micro.Batch#SIZE}. The benchmark of the Redis port's parser lies in that port's package.
 */
package dev.quorate.bench.micro;
