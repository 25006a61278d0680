package dev.quorate.cli.nemesis;

import dev.quorate.history.Operation;
import dev.quorate.history.Result;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.StaticCommandFlagsRegistry;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.executors.ClusterCommandExecutor;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.providers.ClusterConnectionProvider;

/**
 * Jedis as it comes. It sends a command again when the connection broke over it, and the first one may have taken effect: these copies are counted, one
 * by one. Redis tells no versions, so only of an absent key can it compare and set.
 */
final class RedisStore implements Store {
    private final RedisClusterClient client;
    private final Counting executor;

    RedisStore(List<String> redisAddresses) {
        Set<HostAndPort> nodes = redisAddresses.stream().map(HostAndPort::from).collect(Collectors.toUnmodifiableSet());
        JedisClientConfig config = DefaultJedisClientConfig.builder().build();
        var provider = new ClusterConnectionProvider(nodes, config);
        int attempts = RedisClusterClient.DEFAULT_MAX_ATTEMPTS;
        executor =
                new Counting(provider, attempts, Duration.ofMillis((long) config.getSocketTimeoutMillis() * attempts));
        client = RedisClusterClient.builder()
                .nodes(nodes)
                .clientConfig(config)
                .connectionProvider(provider)
                .commandExecutor(executor)
                .build();
    }

    /** Counts, by thread, the commands that were sent and got no answer. */
    private static final class Counting extends ClusterCommandExecutor {
        private final ThreadLocal<Integer> unanswered = ThreadLocal.withInitial(() -> 0);

        private Counting(ClusterConnectionProvider provider, int maxAttempts, Duration maxRetries) {
            super(provider, maxAttempts, maxRetries, StaticCommandFlagsRegistry.registry());
        }

        @Override
        protected <T> T execute(Connection connection, CommandObject<T> command) {
            try {
                return super.execute(connection, command);
            } catch (JedisConnectionException e) {
                unanswered.set(unanswered.get() + 1);
                throw e;
            }
        }
    }

    @Override
    public Answer perform(Operation operation) {
        executor.unanswered.set(0);
        try {
            return Answer.ok(result(operation), executor.unanswered.get());
        } catch (JedisDataException e) {
            return e.getMessage().contains("NOT_APPLIED")
                    ? Answer.failed(e.getMessage(), executor.unanswered.get())
                    : Answer.unknown(e.getMessage(), executor.unanswered.get());
        } catch (JedisException e) {
            int sent = executor.unanswered.get();
            return sent == 0 ? Answer.failed(e.getMessage(), 0) : Answer.unknown(e.getMessage(), sent - 1);
        }
    }

    private Result result(Operation operation) {
        return switch (operation) {
            case Operation.Get(var key) -> new Result.Read(client.get(key), 0);
            case Operation.Put(var key, var value) -> {
                client.set(key, value);
                yield new Result.Written(0);
            }
            case Operation.Delete(var key) -> new Result.Deleted(client.del(key) == 1);
            case Operation.CompareAndSet(var key, var expectedVersion, var value) -> {
                if (expectedVersion != 0) {
                    throw new IllegalArgumentException("Redis knows no versions");
                }
                yield new Result.Swapped(
                        client.set(key, value, SetParams.setParams().nx()) != null, null);
            }
            case Operation.Increment(var key, var delta) -> new Result.Sum(client.incrBy(key, delta));
            case Operation.Append(var key, var suffix) -> new Result.Length(client.append(key, suffix));
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
