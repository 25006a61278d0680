package dev.quorate.server.redis;

import java.time.Duration;

/**
 * How a member speaks to Redis clients.
 *
 * @param bindHost address to listen on
 * @param port to listen on; 0 takes a free one
 * @param memberId this member's UUID, by which it finds itself in the shard map
 * @param requestTimeout how long a request may wait for an election or a hand-over
 * @param limits what one client may take
 */
public record RedisConfig(String bindHost, int port, String memberId, Duration requestTimeout, Limits limits) {
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(5);

    public static RedisConfig of(String bindHost, int port, String memberId) {
        return new RedisConfig(bindHost, port, memberId, DEFAULT_REQUEST_TIMEOUT, Limits.DEFAULT);
    }

    /**
     * Bounds of what clients can make a member hold. A connection that reaches one of the in-flight bounds is not read until some of its
     * requests are answered.
     *
     * @param keyBytes longest key
     * @param valueBytes longest value, and longest argument of any command
     * @param commandBytes longest command, all arguments together
     * @param arguments most arguments of a command
     * @param inlineBytes longest inline command
     * @param inFlightRequests most unanswered requests of a connection
     * @param inFlightBytes most bytes of unanswered requests of a connection and, as estimated from those before, their replies
     * @param connections most connections to this member
     */
    public record Limits(
            int keyBytes,
            int valueBytes,
            int commandBytes,
            int arguments,
            int inlineBytes,
            int inFlightRequests,
            int inFlightBytes,
            int connections) {
        public static final Limits DEFAULT =
                new Limits(16 << 10, 1 << 20, 4 << 20, 4096, 64 << 10, 256, 4 << 20, 10_000);
    }
}
