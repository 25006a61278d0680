package dev.quorate.server.redis;

/** Told of every request that the store served, on the store's threads. */
@FunctionalInterface
interface RequestObserver {
    void served(String command, Reply reply, long durationNanos);
}
