package dev.quorate.bench.load;

import dev.quorate.client.Endpoint;
import redis.clients.jedis.Jedis;

/** What speaks Redis at one address, a connection for each caller. */
final class RedisTarget implements Target {
    private final Endpoint endpoint;

    RedisTarget(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public Connection connect() {
        Jedis jedis = new Jedis(endpoint.host(), endpoint.port(), 30_000);
        return new Connection() {
            @Override
            public void write(byte[] key, byte[] value) {
                jedis.set(key, value);
            }

            @Override
            public void read(byte[] key) {
                if (jedis.get(key) == null) {
                    throw new IllegalStateException("a key that was written is absent");
                }
            }

            @Override
            public void close() {
                jedis.close();
            }
        };
    }

    @Override
    public void close() {}
}
