package dev.quorate.sim.client;

import com.google.protobuf.ByteString;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Reply;
import dev.quorate.sim.world.Network;
import dev.quorate.sim.world.Timeline;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import dev.quorate.store.proto.WriteCommand;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One caller. */
public final class Client {
    private static final int TIMEOUT_MILLIS = 250;
    private static final int MAX_THINKING_MILLIS = 12;
    private static final int KEYS = 6;
    private static final int PADDING_BYTES = 600;

    private final UUID id;
    private final int shards;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final Network network;
    private final Supplier<List<Member>> members;
    private final Oracle oracle;

    private Member target;
    private long operation;
    private boolean stopped;

    /** @param number of the client, from 1 */
    public Client(
            int number,
            int shards,
            Timeline timeline,
            SplittableRandom random,
            Network network,
            Supplier<List<Member>> members,
            Oracle oracle) {
        this.id = new UUID(1, number);
        this.shards = shards;
        this.timeline = timeline;
        this.random = random;
        this.network = network;
        this.members = members;
        this.oracle = oracle;
    }

    public void start() {
        next();
    }

    public void stop() {
        stopped = true;
    }

    private void next() {
        long started = ++operation;
        timeline.after(1 + random.nextInt(MAX_THINKING_MILLIS), () -> {
            if (!stopped && operation == started) {
                operate();
            }
        });
    }

    private void operate() {
        long started = operation;
        timeline.after(TIMEOUT_MILLIS, () -> {
            if (operation == started) {
                target = null;
                next();
            }
        });
        if (target == null || random.nextInt(20) == 0) {
            List<Member> all = members.get();
            target = all.get(random.nextInt(all.size()));
        }
        int shard = random.nextInt(shards);
        long askedAt = oracle.ask();
        if (random.nextInt(3) == 0) {
            String key = random.nextBoolean() ? counter() : key();
            boolean anywhere = random.nextInt(3) == 0;
            call((member, reply) -> read(member, anywhere, shard, key, reply), reply -> {
                if (reply instanceof Reply.Value value) {
                    oracle.read(toString(), askedAt, shard, key, value);
                }
            });
        } else {
            Command command = write(shard);
            call((member, reply) -> member.propose(command, reply), reply -> {
                if (reply instanceof Reply.Applied applied) {
                    oracle.applied(toString(), askedAt, applied);
                }
            });
        }
    }

    private void read(Member member, boolean throughLeader, int shard, String key, Consumer<Reply> reply) {
        if (throughLeader) {
            member.readThroughLeader(shard, key, reply);
        } else {
            member.read(shard, key, reply);
        }
    }

    private interface Call {
        void on(Member member, Consumer<Reply> reply);
    }

    /** There and back, over a network that loses and repeats. A repeated write may take effect twice: nobody promised more without a session. */
    private void call(Call call, Consumer<Reply> check) {
        long started = operation;
        Member asked = target;
        network.send(
                id,
                asked.id(),
                () -> call.on(
                        asked,
                        reply -> network.send(asked.id(), id, () -> {
                            if (operation == started) {
                                check.accept(reply);
                                follow(reply);
                                next();
                            }
                        })));
    }

    private void follow(Reply reply) {
        if (reply instanceof Reply.Refused(UUID leader)) {
            target = leader == null
                    ? null
                    : members.get().stream()
                            .filter(member -> member.id().equals(leader))
                            .findFirst()
                            .orElse(null);
        }
    }

    private Command write(int shard) {
        WriteCommand.Builder write = WriteCommand.newBuilder().setShard(shard);
        int operations = random.nextInt(6) == 0 ? 2 : 1;
        for (int i = 0; i < operations; i++) {
            write.addOperations(randomOperation());
        }
        return Command.newBuilder().setWrite(write).build();
    }

    private Operation.Builder randomOperation() {
        Operation.Builder one = Operation.newBuilder();
        return switch (random.nextInt(8)) {
            case 0 -> one.setKey(bytes(key())).setDelete(Delete.newBuilder().setReturnPrevious(random.nextBoolean()));
            case 1, 2, 3 ->
                one.setKey(bytes(counter())).setIncrement(Increment.newBuilder().setDelta(1));
            case 4 -> one.setKey(bytes(key())).setPut(put().setCondition(Put.Condition.IF_ABSENT));
            case 5 -> one.setKey(bytes(key())).setPut(put().setReturnPrevious(true));
            default -> one.setKey(bytes(key())).setPut(put());
        };
    }

    private Put.Builder put() {
        String padding = random.nextInt(10) == 0 ? "x".repeat(random.nextInt(PADDING_BYTES)) : "";
        return Put.newBuilder().setValue(bytes(this + "." + operation + padding));
    }

    private String key() {
        return "k" + random.nextInt(KEYS);
    }

    private String counter() {
        return "n" + random.nextInt(2);
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    @Override
    public String toString() {
        return "client " + id.getLeastSignificantBits();
    }
}
