package dev.quorate.bench.load;

import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import java.time.Duration;
import java.util.List;

/** Quorate, through one Java client that all callers share. */
final class QuorateTarget implements Target {
    private final KvClient client;

    QuorateTarget(List<Endpoint> endpoints) {
        this.client = new KvClient(endpoints, Duration.ofSeconds(30));
    }

    @Override
    public Connection connect() {
        return new Connection() {
            @Override
            public void write(byte[] key, byte[] value) {
                client.put(key, value);
            }

            @Override
            public void read(byte[] key) {
                client.get(key).orElseThrow();
            }
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
