/**
 * The Redis port: what redis-cli, redis-benchmark and the clients of Redis Cluster speak, in RESP2 and RESP3.
 *
 * <p>A request's way: {@link dev.quorate.server.redis.RedisPort} accepts a connection; {@code Connection} gathers its bytes and lets {@code
 * RequestParser} make requests of them; {@code CommandTable} finds the {@code Command} and checks the call; the command decides on an {@code
 * Action}: an answer, or reads or writes of one slot. The connection asks the store for these, keeping each client's order by shard ({@code
 * ShardOrder}), and {@code ReplyWriter} writes the replies in the order of the requests. To add a command, add it to the class of its group.
 *
 * <p>Bounds are in {@link dev.quorate.server.redis.RedisConfig.Limits}. A connection with too much in flight is not read until it has less.
 * docs/redis.md lists commands, error replies and limits.
 */
package dev.quorate.server.redis;
