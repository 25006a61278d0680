package dev.quorate.server.redis;

/** Told of every request that the store served. */
@FunctionalInterface
interface RequestObserver {
    void served(String command, Reply reply, long durationNanos);
}
