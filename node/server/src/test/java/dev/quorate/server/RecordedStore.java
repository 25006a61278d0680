package dev.quorate.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.quorate.client.KvClient;
import dev.quorate.client.Slots;
import dev.quorate.history.Operation;
import dev.quorate.history.Result;
import dev.quorate.store.OperationResult;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.Put;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.params.SetParams;

/** What a recorded client asks, over one of the cluster's interfaces. Performs get, put, delete, compare-and-set and increment. */
@FunctionalInterface
interface RecordedStore {
    /** Throws what the interface throws. */
    Result perform(Operation operation);

    private static UnsupportedOperationException unsupported(Operation operation) {
        return new UnsupportedOperationException(operation + " is not among what recorded clients do");
    }

    /** The nodes' own interface, in this process. */
    static RecordedStore over(TestClient client, int shards) {
        return operation -> {
            int shard = Slots.shardOf(operation.key().getBytes(UTF_8), shards);
            var write = dev.quorate.store.proto.Operation.newBuilder().setKey(ByteString.copyFromUtf8(operation.key()));
            return switch (operation) {
                case Operation.Get(var key) -> {
                    var found = client.versioned(shard, key);
                    yield found == null
                            ? new Result.Read(null, 0)
                            : new Result.Read(new String(found.value(), UTF_8), found.version());
                }
                case Operation.Put(var key, var value) ->
                    new Result.Written(
                            client.write(shard, write.setPut(put(value)).build())
                                    .current()
                                    .version());
                case Operation.Delete delete ->
                    new Result.Deleted(client.write(
                                    shard,
                                    write.setDelete(Delete.getDefaultInstance()).build())
                            .applied());
                case Operation.CompareAndSet(var key, var expectedVersion, var value) -> {
                    Put.Builder put =
                            put(value).setCondition(Put.Condition.IF_VERSION).setExpectedVersion(expectedVersion);
                    yield swapped(client.write(shard, write.setPut(put).build()), value);
                }
                case Operation.Increment(var key, var delta) ->
                    new Result.Sum(client.write(
                                    shard,
                                    write.setIncrement(Increment.newBuilder().setDelta(delta))
                                            .build())
                            .number());
                case Operation.Append append -> throw unsupported(append);
            };
        };
    }

    private static Put.Builder put(String value) {
        return Put.newBuilder().setValue(ByteString.copyFromUtf8(value));
    }

    private static Result.Swapped swapped(OperationResult result, String written) {
        if (result.current() == null) {
            return new Result.Swapped(result.applied(), new Result.Read(null, 0));
        }
        String value = result.applied() ? written : new String(result.current().value(), UTF_8);
        return new Result.Swapped(
                result.applied(), new Result.Read(value, result.current().version()));
    }

    /** The Java client. */
    static RecordedStore over(KvClient client) {
        return operation -> {
            byte[] keyBytes = operation.key().getBytes(UTF_8);
            return switch (operation) {
                case Operation.Get get -> read(client.get(keyBytes).orElse(null));
                case Operation.Put(var key, var value) ->
                    new Result.Written(client.put(keyBytes, value.getBytes(UTF_8)));
                case Operation.Delete delete -> new Result.Deleted(client.delete(keyBytes));
                case Operation.CompareAndSet(var key, var expectedVersion, var value) -> {
                    KvClient.Swap swap = client.compareAndSet(keyBytes, expectedVersion, value.getBytes(UTF_8));
                    yield new Result.Swapped(swap.applied(), read(swap.current().orElse(null)));
                }
                case Operation.Increment(var key, var delta) -> new Result.Sum(client.increment(keyBytes, delta));
                case Operation.Append append -> throw unsupported(append);
            };
        };
    }

    private static Result.Read read(KvClient.Value value) {
        return value == null
                ? new Result.Read(null, 0)
                : new Result.Read(new String(value.bytes(), UTF_8), value.version());
    }

    /** Redis, which tells no versions: only of an absent key can it compare and set. */
    static RecordedStore over(RedisClusterClient client) {
        return operation -> switch (operation) {
            case Operation.Get(var key) -> new Result.Read(client.get(key), 0);
            case Operation.Put(var key, var value) -> {
                client.set(key, value);
                yield new Result.Written(0);
            }
            case Operation.Delete(var key) -> new Result.Deleted(client.del(key) == 1);
            case Operation.CompareAndSet(var key, var expectedVersion, var value)
            when expectedVersion == 0 ->
                new Result.Swapped(client.set(key, value, SetParams.setParams().nx()) != null, null);
            case Operation.Increment(var key, var delta) -> new Result.Sum(client.incrBy(key, delta));
            case Operation.CompareAndSet swap -> throw unsupported(swap);
            case Operation.Append append -> throw unsupported(append);
        };
    }
}
