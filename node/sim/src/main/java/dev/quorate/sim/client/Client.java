package dev.quorate.sim.client;

import com.google.protobuf.ByteString;
import dev.quorate.api.SessionCall;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Reply;
import dev.quorate.sim.world.Network;
import dev.quorate.sim.world.Timeline;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.ExpireKey;
import dev.quorate.store.proto.ExpireKeys;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.OpenSession;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import dev.quorate.store.proto.WriteCommand;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;

/** One caller. */
public final class Client {
    private static final long CLIENTS = 1_000;
    private static final int TIMEOUT_MILLIS = 250;
    private static final int MAX_THINKING_MILLIS = 12;
    private static final int MAX_LIFE_MILLIS = 600;
    private static final int KEYS = 6;
    private static final int PADDING_BYTES = 600;

    private final UUID id;
    private final int shards;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final Network network;
    private final Groups groups;
    private final Oracle oracle;

    /** Whether its writes are sent again until they are answered. */
    private final boolean sessions;

    /** The group that owns each shard, as far as the client knows. */
    private final int[] homes;

    /** Of the session of each shard, 0 for none yet. */
    private final long[] incarnations;

    private long lastSequence;
    /** A session's command that is to be sent until it is answered, or null. */
    private Command pending;

    private long pendingSince;
    /** A key that expires, as it was written, or null. */
    private ExpireKey due;

    private int dueShard;
    private Member target;
    private long operation;
    private boolean stopped;

    /** Who is there. */
    public interface Groups {
        int count();

        /** @param group from 1 */
        List<Member> members(int group);
    }

    /** @param number of the client, from 1 */
    public Client(
            int number,
            int shards,
            Timeline timeline,
            SplittableRandom random,
            Network network,
            Groups groups,
            Oracle oracle) {
        this.id = new UUID(CLIENTS, number);
        this.shards = shards;
        this.timeline = timeline;
        this.random = random;
        this.network = network;
        this.groups = groups;
        this.homes = new int[shards];
        Arrays.fill(homes, 1);
        this.oracle = oracle;
        this.sessions = random.nextBoolean();
        this.incarnations = new long[shards];
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
        if (pending != null) {
            write(pending, pendingSince);
            return;
        }
        int shard = random.nextInt(shards);
        long askedAt = oracle.ask(shard);
        if (random.nextInt(3) == 0) {
            String key = random.nextBoolean() ? counter() : key();
            boolean anywhere = random.nextInt(3) == 0;
            call(shard, (member, reply) -> read(member, anywhere, shard, key, reply), reply -> {
                if (reply instanceof Reply.Value value) {
                    oracle.read(toString(), askedAt, homes[shard], shard, key, value);
                }
            });
        } else {
            Command command = sessions ? sessionCommand(shard) : plainCommand(shard);
            if (sessions) {
                pending = command;
                pendingSince = askedAt;
            }
            write(command, askedAt);
        }
    }

    private void write(Command command, long askedAt) {
        int shard = shardOf(command);
        call(shard, (member, reply) -> member.propose(command, reply), reply -> {
            if (reply instanceof Reply.Applied applied && !(applied.result() instanceof ApplyResult.NotOwned)) {
                oracle.applied(toString(), askedAt, homes[shard], shard, applied);
                pending = null;
                keepDue(command.getWrite(), applied.result());
                if (applied.result() instanceof ApplyResult.SessionOpened(long incarnation)) {
                    incarnations[shard] = incarnation;
                }
            }
        });
    }

    private static int shardOf(Command command) {
        return switch (command.getCommandCase()) {
            case OPEN_SESSION -> command.getOpenSession().getShard();
            case EXPIRE -> command.getExpire().getShard();
            default -> command.getWrite().getShard();
        };
    }

    /** A write; or, as a member's expirer does, the expiry of a key that was written some time ago, whatever happened to it since. */
    private Command plainCommand(int shard) {
        if (due == null || random.nextInt(8) != 0) {
            return randomWrite(shard).build();
        }
        return Command.newBuilder()
                .setExpire(ExpireKeys.newBuilder()
                        .setShard(dueShard)
                        .setNowMillis(wallClockMillis(dueShard))
                        .addKeys(due))
                .build();
    }

    private void keepDue(WriteCommand write, ApplyResult result) {
        if (result instanceof ApplyResult.Written(var operations)
                && operations.getFirst().current() != null
                && operations.getFirst().current().deadlineMillis() != 0) {
            dueShard = write.getShard();
            due = ExpireKey.newBuilder()
                    .setKey(write.getOperations(0).getKey())
                    .setVersion(operations.getFirst().current().version())
                    .setDeadlineMillis(operations.getFirst().current().deadlineMillis())
                    .build();
        }
    }

    /** Of any member: they differ. */
    private long wallClockMillis(int shard) {
        List<Member> all = groups.members(homes[shard]);
        return all.get(random.nextInt(all.size())).wallClockMillis();
    }

    private Command sessionCommand(int shard) {
        ByteString clientId = bytes("%016d".formatted(id.getLeastSignificantBits()));
        if (incarnations[shard] == 0) {
            return Command.newBuilder()
                    .setOpenSession(OpenSession.newBuilder().setShard(shard).setClientId(clientId))
                    .build();
        }
        Command.Builder command = randomWrite(shard);
        long sequence = ++lastSequence;
        command.getWriteBuilder()
                .setSession(SessionCall.newBuilder()
                        .setClientId(clientId)
                        .setIncarnation(incarnations[shard])
                        .setSequence(sequence)
                        .setLowestOutstanding(sequence));
        return command.build();
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

    /** There and back, over a network that loses and repeats. Without a session a write that is repeated may take effect twice. */
    private void call(int shard, Call call, Consumer<Reply> check) {
        long started = operation;
        Member asked = target(homes[shard]);
        network.send(
                id,
                asked.id(),
                () -> call.on(
                        asked,
                        reply -> network.send(asked.id(), id, () -> {
                            if (operation == started) {
                                check.accept(reply);
                                follow(shard, reply);
                                next();
                            }
                        })));
    }

    /** Whom the client believes to lead; now and then, and when it does not know, any member of the group. */
    private Member target(int group) {
        if (target == null || target.group() != group || random.nextInt(20) == 0) {
            List<Member> all = groups.members(group);
            target = all.get(random.nextInt(all.size()));
        }
        return target;
    }

    private void follow(int shard, Reply reply) {
        switch (reply) {
            case Reply.Refused(UUID leader) ->
                target = groups.members(homes[shard]).stream()
                        .filter(member -> member.id().equals(leader))
                        .findFirst()
                        .orElse(null);
            case Reply.NotOwner() -> homes[shard] = 1 + random.nextInt(groups.count());
            case Reply.Applied(long _, ApplyResult.NotOwned _) -> homes[shard] = 1 + random.nextInt(groups.count());
            case Reply.Applied _, Reply.Value _, Reply.Unknown _ -> {}
        }
    }

    private Command.Builder randomWrite(int shard) {
        long nowMillis = wallClockMillis(shard);
        WriteCommand.Builder write = WriteCommand.newBuilder().setShard(shard).setNowMillis(nowMillis);
        int operations = random.nextInt(6) == 0 ? 2 : 1;
        for (int i = 0; i < operations; i++) {
            write.addOperations(randomOperation(nowMillis));
        }
        return Command.newBuilder().setWrite(write);
    }

    private Operation.Builder randomOperation(long nowMillis) {
        Operation.Builder one = Operation.newBuilder();
        return switch (random.nextInt(8)) {
            case 0 -> one.setKey(bytes(key())).setDelete(Delete.newBuilder().setReturnPrevious(random.nextBoolean()));
            // Now and then of a key that holds text: then its command is refused as a whole.
            case 1, 2, 3 ->
                one.setKey(bytes(random.nextInt(8) == 0 ? key() : counter()))
                        .setIncrement(Increment.newBuilder().setDelta(1));
            case 4 -> one.setKey(bytes(key())).setPut(put(nowMillis).setCondition(Put.Condition.IF_ABSENT));
            case 5 -> one.setKey(bytes(key())).setPut(put(nowMillis).setReturnPrevious(true));
            default -> one.setKey(bytes(key())).setPut(put(nowMillis));
        };
    }

    private Put.Builder put(long nowMillis) {
        String padding = random.nextInt(10) == 0 ? "x".repeat(random.nextInt(PADDING_BYTES)) : "";
        Put.Builder put = Put.newBuilder().setValue(bytes(this + "." + operation + padding));
        return random.nextInt(3) == 0 ? put.setDeadlineMillis(nowMillis + random.nextInt(MAX_LIFE_MILLIS)) : put;
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
