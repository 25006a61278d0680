package dev.quorate.store;

import com.google.protobuf.ByteString;
import dev.quorate.api.MapChange;
import dev.quorate.api.SessionCall;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import dev.quorate.store.proto.ShardRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Random commands of every kind, sensible ones and late, repeated and wrong ones; the same for the same seed. */
final class History {
    static final int SHARDS = 3;
    private static final int KEYS = 12;

    private final Random random;
    private final List<Command> commands = new ArrayList<>();
    private long nowMillis = 1000;
    private long lastMove = 10;
    private final long[] lastFreeze = new long[SHARDS];
    private final long[] lastImport = new long[SHARDS];

    private History(long seed) {
        random = new Random(seed);
    }

    static List<Command> random(long seed, int size) {
        History history = new History(seed);
        history.commands.add(Commands.createMap(4));
        history.commands.add(Commands.write(0, 0, Commands.put("k0", "text")));
        history.commands.add(Commands.write(0, 0, Commands.increment("k0", 1)));
        history.commands.add(history.frozenForAWhile(0));
        history.commands.add(Commands.openSession(0, history.client(), history.nowMillis));
        history.commands.add(Commands.evictSessions(0, history.nowMillis, 200));
        history.commands.add(Commands.once(
                Commands.call(history.client(), 99, 1, 1), Commands.write(0, 0, Commands.put("k0", "text"))));
        while (history.commands.size() < size) {
            history.commands.add(history.next());
            if (history.random.nextInt(10) == 0) {
                history.commands.add(history.commands.get(history.random.nextInt(history.commands.size())));
            }
        }
        return history.commands;
    }

    static String key(Random random) {
        return "k" + random.nextInt(KEYS);
    }

    private Command next() {
        int shard = random.nextInt(SHARDS);
        nowMillis += random.nextInt(20) - 3;
        return switch (random.nextInt(60)) {
            case 0 -> Commands.freeze(shard, lastFreeze[shard] = newMove());
            case 1 -> Commands.thaw(shard, someMove());
            case 2 -> Commands.release(shard, someMove());
            case 3 -> Commands.purge(shard, random.nextBoolean() ? 0 : someMove());
            case 4 -> Commands.beginImport(shard, lastImport[shard] = newMove());
            case 5 -> Commands.chunk(shard, someMove(), random.nextInt(2), rows());
            case 6 -> Commands.discard(shard, someMove());
            case 7 -> Commands.adopt(shard, someMove());
            case 8, 9, 10, 11 -> wholeImport(shard);
            case 12 -> frozenForAWhile(shard);
            case 13 ->
                Commands.map(MapChange.newBuilder()
                        .setAddGroup(MapChange.AddGroup.newBuilder().setGroupId(2 + random.nextInt(4)))
                        .build());
            case 14, 15, 16 -> Commands.expire(shard, nowMillis, dueKeys());
            case 17 -> Commands.scrub(shard);
            case 27 -> Commands.beginExport(shard, lastFreeze[shard] = newMove());
            case 28 -> Commands.freeze(shard, lastFreeze[shard]);
            case 18, 19 -> Commands.openSession(shard, client(), nowMillis);
            case 20 -> Commands.evictSessions(shard, nowMillis, 200);
            case 21, 22, 23, 24, 25, 26 -> writeOnce(shard);
            default -> write(random, shard, nowMillis);
        };
    }

    static Command write(Random random, int shard, long nowMillis) {
        Operation[] operations = IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> operation(random, nowMillis))
                .toArray(Operation[]::new);
        return Commands.write(shard, nowMillis, operations);
    }

    private static Operation operation(Random random, long nowMillis) {
        String key = key(random);
        return switch (random.nextInt(6)) {
            case 0 -> Commands.delete(key, random.nextInt(3) == 0 ? random.nextInt(50) : 0);
            case 1, 2 -> Commands.increment(key, random.nextInt(9) - 4);
            default -> {
                String value = random.nextInt(3) == 0 ? "text" : Integer.toString(random.nextInt(100));
                Put.Builder put = Commands.value(value)
                        .setCondition(Put.Condition.forNumber(random.nextInt(4)))
                        .setExpectedVersion(random.nextInt(30))
                        .setKeepDeadline(random.nextInt(4) == 0)
                        .setReturnPrevious(random.nextBoolean());
                if (random.nextInt(3) == 0) {
                    put.setDeadlineMillis(nowMillis + random.nextInt(60));
                }
                yield Commands.put(key, put);
            }
        };
    }

    /** The shard goes and comes back, unless its import is damaged. What a stray command began is undone first, lest it end here for ever. */
    private Command wholeImport(int shard) {
        commands.add(Commands.thaw(shard, lastFreeze[shard]));
        commands.add(Commands.discard(shard, lastImport[shard]));
        long move = newMove();
        List<Row> rows = rows();
        long digest = rows.stream().mapToLong(Row::digest).sum() + random.nextInt(4) / 3;
        commands.add(Commands.freeze(shard, move));
        commands.add(Commands.release(shard, move));
        long next = lastImport[shard] = newMove();
        commands.add(Commands.beginImport(shard, next));
        commands.add(Commands.chunk(shard, next, 0, rows));
        commands.add(Commands.completeImport(
                shard,
                next,
                1,
                digest,
                ShardRecord.newBuilder()
                        .setVersionCounter(1000 * next)
                        .setClockMillis(nowMillis)
                        .build()));
        return Commands.adopt(shard, next);
    }

    private Command frozenForAWhile(int shard) {
        long move = newMove();
        commands.add(Commands.freeze(shard, move));
        commands.add(write(random, shard, nowMillis));
        return Commands.thaw(shard, move);
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < KEYS; i += 1 + random.nextInt(4)) {
            rows.add(Commands.row(
                    "k" + i,
                    Integer.toString(i),
                    1 + random.nextInt(500),
                    random.nextBoolean() ? 0 : nowMillis + random.nextInt(60)));
        }
        return rows;
    }

    private ByteString client() {
        return ByteString.copyFrom(new byte[15]).concat(ByteString.copyFrom(new byte[] {(byte) random.nextInt(4)}));
    }

    private Command writeOnce(int shard) {
        long sequence = 1 + random.nextInt(12);
        SessionCall call = Commands.call(client(), 1 + random.nextInt(4), sequence, sequence - random.nextInt(4));
        return Commands.once(call, write(random, shard, nowMillis));
    }

    private List<DueKey> dueKeys() {
        return random.ints(4, 0, KEYS)
                .mapToObj(i -> new DueKey(Commands.bytes("k" + i), random.nextInt(60), nowMillis))
                .toList();
    }

    private long newMove() {
        return ++lastMove;
    }

    private long someMove() {
        return lastMove - random.nextInt(4);
    }
}
