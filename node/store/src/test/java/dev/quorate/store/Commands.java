package dev.quorate.store;

import com.google.protobuf.ByteString;
import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import dev.quorate.api.SessionCall;
import dev.quorate.store.proto.AdoptShard;
import dev.quorate.store.proto.BeginExport;
import dev.quorate.store.proto.BeginImport;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.CompleteImport;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.DiscardImport;
import dev.quorate.store.proto.EvictSessions;
import dev.quorate.store.proto.ExpireKey;
import dev.quorate.store.proto.ExpireKeys;
import dev.quorate.store.proto.FreezeShard;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.OpenSession;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.PurgeShard;
import dev.quorate.store.proto.Put;
import dev.quorate.store.proto.ReleaseShard;
import dev.quorate.store.proto.Scrub;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ThawShard;
import dev.quorate.store.proto.WriteCommand;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands in a line each. */
final class Commands {
    private Commands() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static ByteString string(String text) {
        return ByteString.copyFromUtf8(text);
    }

    static Command createMap(int shards) {
        Group root = Group.newBuilder()
                .setId(1)
                .addMembers(Member.newBuilder().setId("m1").setHost("h1"))
                .build();
        return map(MapChange.newBuilder()
                .setCreate(MapChange.CreateMap.newBuilder()
                        .setClusterId("c")
                        .setShardCount(shards)
                        .setRoot(root))
                .build());
    }

    static Command map(MapChange change) {
        return Command.newBuilder().setMapChange(change).build();
    }

    static Command write(int shard, long nowMillis, Operation... operations) {
        return Command.newBuilder()
                .setWrite(WriteCommand.newBuilder()
                        .setShard(shard)
                        .setNowMillis(nowMillis)
                        .addAllOperations(List.of(operations)))
                .build();
    }

    static Put.Builder value(String value) {
        return Put.newBuilder().setValue(string(value));
    }

    static Operation put(String key, Put.Builder put) {
        return Operation.newBuilder().setKey(string(key)).setPut(put).build();
    }

    static Operation put(String key, String value) {
        return put(key, value(value));
    }

    static Operation delete(String key, long ifVersion) {
        return Operation.newBuilder()
                .setKey(string(key))
                .setDelete(Delete.newBuilder().setIfVersion(ifVersion))
                .build();
    }

    static Operation delete(String key) {
        return delete(key, 0);
    }

    static Operation increment(String key, long delta) {
        return Operation.newBuilder()
                .setKey(string(key))
                .setIncrement(Increment.newBuilder().setDelta(delta))
                .build();
    }

    static Command expire(int shard, long nowMillis, List<DueKey> keys) {
        ExpireKeys.Builder expire = ExpireKeys.newBuilder().setShard(shard).setNowMillis(nowMillis);
        for (DueKey key : keys) {
            expire.addKeys(ExpireKey.newBuilder()
                    .setKey(ByteString.copyFrom(key.key()))
                    .setVersion(key.version())
                    .setDeadlineMillis(key.deadlineMillis()));
        }
        return Command.newBuilder().setExpire(expire).build();
    }

    static Command scrub(int shard) {
        return Command.newBuilder().setScrub(Scrub.newBuilder().setShard(shard)).build();
    }

    static Command beginExport(int shard, long moveId) {
        return Command.newBuilder()
                .setBeginExport(BeginExport.newBuilder().setShard(shard).setMoveId(moveId))
                .build();
    }

    static Command freeze(int shard, long moveId) {
        return Command.newBuilder()
                .setFreeze(FreezeShard.newBuilder().setShard(shard).setMoveId(moveId))
                .build();
    }

    static Command thaw(int shard, long moveId) {
        return Command.newBuilder()
                .setThaw(
                        ThawShard.newBuilder().setShard(shard).setMoveId(moveId).setDecidedEpoch(moveId + 1))
                .build();
    }

    static Command release(int shard, long moveId) {
        return Command.newBuilder()
                .setRelease(ReleaseShard.newBuilder()
                        .setShard(shard)
                        .setMoveId(moveId)
                        .setDecidedEpoch(moveId + 1)
                        .setNewOwner(2))
                .build();
    }

    static Command purge(int shard, long incarnation) {
        return Command.newBuilder()
                .setPurge(PurgeShard.newBuilder().setShard(shard).setIncarnation(incarnation))
                .build();
    }

    static Command beginImport(int shard, long moveId) {
        return Command.newBuilder()
                .setBeginImport(BeginImport.newBuilder()
                        .setShard(shard)
                        .setMoveId(moveId)
                        .setSource(1))
                .build();
    }

    /** As a key travels. */
    static Row row(String key, String value, long version, long deadlineMillis) {
        byte[] bytes = bytes(value);
        return new Row(
                ByteString.copyFrom(new byte[] {2}).concat(string(key)),
                ByteString.copyFrom(new StoredValue(version, deadlineMillis, bytes, 0, bytes.length).bytes()));
    }

    static final ByteString CLIENT = ByteString.copyFrom(new byte[16]);

    static Command openSession(int shard, ByteString clientId, long nowMillis) {
        return Command.newBuilder()
                .setOpenSession(OpenSession.newBuilder()
                        .setShard(shard)
                        .setClientId(clientId)
                        .setNowMillis(nowMillis))
                .build();
    }

    static Command evictSessions(int shard, long nowMillis, long idleMillis) {
        return Command.newBuilder()
                .setEvictSessions(EvictSessions.newBuilder()
                        .setShard(shard)
                        .setNowMillis(nowMillis)
                        .setIdleMillis(idleMillis))
                .build();
    }

    static SessionCall call(ByteString clientId, long incarnation, long sequence, long lowestOutstanding) {
        return SessionCall.newBuilder()
                .setClientId(clientId)
                .setIncarnation(incarnation)
                .setSequence(sequence)
                .setLowestOutstanding(lowestOutstanding)
                .build();
    }

    /** The write, to take effect once. */
    static Command once(SessionCall session, Command write) {
        return Command.newBuilder()
                .setWrite(write.getWrite().toBuilder().setSession(session))
                .build();
    }

    /** The first chunk, or one that goes on after no row. */
    static Command chunk(int shard, long moveId, long number, List<Row> rows) {
        return chunk(shard, moveId, number, ByteString.EMPTY, rows);
    }

    static Command chunk(int shard, long moveId, long number, ByteString after, List<Row> rows) {
        return Command.newBuilder()
                .setImportChunk(ImportChunk.newBuilder()
                        .setShard(shard)
                        .setMoveId(moveId)
                        .setNumber(number)
                        .setAfter(after)
                        .setRows(Row.pack(rows)))
                .build();
    }

    static Command completeImport(int shard, long moveId, long chunks, long digest, ShardRecord source) {
        return Command.newBuilder()
                .setCompleteImport(CompleteImport.newBuilder()
                        .setShard(shard)
                        .setMoveId(moveId)
                        .setChunks(chunks)
                        .setDigest(digest)
                        .setVersionCounter(source.getVersionCounter())
                        .setClockMillis(source.getClockMillis())
                        .setSessionCounter(source.getSessionCounter())
                        .setSessionCount(source.getSessionCount()))
                .build();
    }

    static Command adopt(int shard, long moveId) {
        return Command.newBuilder()
                .setAdopt(AdoptShard.newBuilder()
                        .setShard(shard)
                        .setMoveId(moveId)
                        .setDecidedEpoch(moveId + 1))
                .build();
    }

    static Command discard(int shard, long moveId) {
        return Command.newBuilder()
                .setDiscardImport(DiscardImport.newBuilder()
                        .setShard(shard)
                        .setMoveId(moveId)
                        .setDecidedEpoch(moveId + 1))
                .build();
    }
}
