/** Micro-benchmarks of what only the package of the Redis port itself sees; those of everything else are in {@code dev.quorate.bench}. */
package dev.quorate.server.redis;
