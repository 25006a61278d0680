package dev.quorate.cli.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quorate.api.Effect;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import dev.quorate.history.Operation;
import dev.quorate.history.Result;
import java.time.Duration;
import java.util.List;

/** The Java client, with sessions: a write takes effect once, however often it is sent. */
final class JavaStore implements Store {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final KvClient client;

    JavaStore(List<String> grpcAddresses) {
        this.client = new KvClient(grpcAddresses.stream().map(Endpoint::parse).toList(), TIMEOUT);
    }

    @Override
    public Answer perform(Operation operation) {
        try {
            return Answer.ok(result(operation), 0);
        } catch (QuorateException e) {
            return e.effect() == Effect.NOT_APPLIED
                    ? Answer.failed(e.getMessage(), 0)
                    : Answer.unknown(e.getMessage(), 0);
        }
    }

    private Result result(Operation operation) {
        byte[] name = operation.key().getBytes(UTF_8);
        return switch (operation) {
            case Operation.Get get -> read(client.get(name).orElse(null));
            case Operation.Put put ->
                new Result.Written(client.put(name, put.value().getBytes(UTF_8)));
            case Operation.Delete delete -> new Result.Deleted(client.delete(name));
            case Operation.CompareAndSet(var key, var expectedVersion, var value) -> {
                KvClient.Swap swap = client.compareAndSet(name, expectedVersion, value.getBytes(UTF_8));
                yield new Result.Swapped(swap.applied(), read(swap.current().orElse(null)));
            }
            case Operation.Increment increment -> new Result.Sum(client.increment(name, increment.delta()));
            case Operation.Append append -> throw new IllegalArgumentException("the Java client has no append");
        };
    }

    private static Result.Read read(KvClient.Value value) {
        return value == null
                ? new Result.Read(null, 0)
                : new Result.Read(new String(value.bytes(), UTF_8), value.version());
    }

    @Override
    public void close() {
        client.close();
    }
}
