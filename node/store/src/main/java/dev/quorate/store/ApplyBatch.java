package dev.quorate.store;

import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.ShardMap;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.map.ShardMapMachine;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.EvictSessions;
import dev.quorate.store.proto.GroupMembers;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.OpenSession;
import dev.quorate.store.proto.ShardRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Entries that are applied together: each sees what those before it did, and all reach the rows in one batch with the index of the last. */
final class ApplyBatch implements AutoCloseable {
    private final Database database;
    private final Rows.Batch batch;
    private final SessionTable sessions;
    private final BatchShards shards;
    private final TouchedKeys keys;
    private final ExportTails tails;
    private final KeyWrites writes;

    private ShardMap map;
    private GroupMembers members;
    private SnapshotMeta applied;

    ApplyBatch(Database database) {
        this.database = database;
        batch = database.rows().newBatch();
        sessions = database.sessions();
        shards = new BatchShards(database);
        keys = new TouchedKeys(database.rows());
        tails = new ExportTails(shards, batch);
        writes = new KeyWrites(shards, sessions, keys, tails);
        map = database.map();
        members = database.members();
        applied = database.applied();
    }

    /**
     * Whether the command has a batch for itself: it moves a shard's data as a whole, past the gathered keys, looks at all sessions of a shard, or wants
     * the state just after it.
     */
    static boolean isAlone(Command command) {
        return switch (command.getCommandCase()) {
            case IMPORT_CHUNK, COMPLETE_IMPORT, DISCARD_IMPORT, PURGE, SETTLE, SCRUB, OPEN_SESSION, EVICT_SESSIONS ->
                true;
            default -> false;
        };
    }

    List<ApplyResult> apply(List<CommittedEntry> entries) {
        writes.prefetch(entries);
        List<ApplyResult> results = new ArrayList<>(entries.size());
        for (CommittedEntry entry : entries) {
            results.add(apply(entry));
        }
        return results;
    }

    private ApplyResult apply(CommittedEntry entry) {
        Membership before = applied.membership();
        Membership membership = entry.membership() == null ? before : entry.membership();
        applied = new SnapshotMeta(entry.index(), entry.term(), membership);
        if (entry.write() != null) {
            return writes.write(entry.write(), entry.index());
        }
        if (entry.membership() != null) {
            members = MemberChanges.change(members, before, membership);
            return new ApplyResult.Members(members);
        }
        Command command = entry.command();
        if (Generations.isVoid(command, members.getGeneration())) {
            return new ApplyResult.Nothing();
        }
        return switch (command.getCommandCase()) {
            case WRITE -> throw StoreException.corrupt("entry " + entry.index() + " holds a write and something more");
            case EXPIRE -> writes.expire(command.getExpire(), entry.index());
            case MAP_CHANGE -> changeMap(command.getMapChange());
            case FREEZE -> move(command.getFreeze().getShard(), s -> ShardTransition.freeze(s, command.getFreeze()));
            case BEGIN_EXPORT ->
                withoutTail(move(
                        command.getBeginExport().getShard(),
                        s -> ShardTransition.beginExport(s, command.getBeginExport())));
            case THAW ->
                withoutTail(move(command.getThaw().getShard(), s -> ShardTransition.thaw(s, command.getThaw())));
            case RELEASE ->
                move(command.getRelease().getShard(), s -> ShardTransition.release(s, command.getRelease()));
            case PURGE -> move(command.getPurge().getShard(), s -> ShardTransition.purge(s, command.getPurge()));
            case BEGIN_IMPORT ->
                move(
                        command.getBeginImport().getShard(),
                        s -> ShardTransition.beginImport(s, command.getBeginImport()));
            case IMPORT_CHUNK -> importChunk(command.getImportChunk());
            case COMPLETE_IMPORT ->
                move(
                        command.getCompleteImport().getShard(),
                        s -> ShardTransition.completeImport(s, command.getCompleteImport()));
            case ADOPT -> move(command.getAdopt().getShard(), s -> ShardTransition.adopt(s, command.getAdopt()));
            case DISCARD_IMPORT ->
                move(
                        command.getDiscardImport().getShard(),
                        s -> ShardTransition.discardImport(s, command.getDiscardImport()));
            case PUT_MEMBER -> {
                members = MemberChanges.put(members, command.getPutMember().getMember());
                yield new ApplyResult.Members(members);
            }
            case BEGIN_GENERATION -> {
                members = Generations.begin(members, command.getBeginGeneration());
                yield new ApplyResult.Members(members);
            }
            case SETTLE ->
                withoutTail(move(command.getSettle().getShard(), s -> ShardTransition.settle(s, command.getSettle())));
            case OPEN_SESSION -> openSession(command.getOpenSession());
            case EVICT_SESSIONS -> evictSessions(command.getEvictSessions());
            case SCRUB -> new ApplyResult.Scrubbing(command.getScrub().getShard(), entry.index());
            case COMMAND_NOT_SET -> new ApplyResult.Nothing();
        };
    }

    private ApplyResult openSession(OpenSession command) {
        ShardRecord shard = shards.record(command.getShard());
        if (!ShardTransition.serves(shard)) {
            return new ApplyResult.NotOwned(new ShardView(command.getShard(), shard));
        }
        if (command.getClientId().size() != SessionKey.CLIENT_ID_BYTES) {
            return new ApplyResult.Rejected("a client's id has " + SessionKey.CLIENT_ID_BYTES + " bytes");
        }
        long clockMillis = Math.max(shard.getClockMillis(), command.getNowMillis());
        SessionTable.Opened opened = sessions.open(shard, command, clockMillis, batch);
        shards.replace(
                command.getShard(),
                opened.record().toBuilder().setClockMillis(clockMillis).build());
        tails.follow(command.getShard(), shard, applied.index(), opened.changes());
        return new ApplyResult.SessionOpened(opened.incarnation());
    }

    /** Not while the shard is copied: that can wait. */
    private ApplyResult evictSessions(EvictSessions command) {
        ShardRecord shard = shards.record(command.getShard());
        if (shard.getState() != ShardRecord.State.OWNED) {
            return new ApplyResult.NotOwned(new ShardView(command.getShard(), shard));
        }
        long clockMillis = Math.max(shard.getClockMillis(), command.getNowMillis());
        ShardRecord now = shard.toBuilder().setClockMillis(clockMillis).build();
        ShardRecord left = sessions.evictIdle(command.getShard(), now, command.getIdleMillis(), batch);
        shards.replace(command.getShard(), left);
        return new ApplyResult.SessionsEvicted(shard.getSessionCount() - left.getSessionCount());
    }

    private ApplyResult changeMap(MapChange change) {
        MapChangeResult result = ShardMapMachine.apply(map, change);
        if (map.getEpoch() == 0 && result.getMap().getEpoch() > 0) {
            ShardRecord first = ShardRecord.newBuilder()
                    .setState(ShardRecord.State.OWNED)
                    .setEpoch(result.getMap().getEpoch())
                    .setNoDeadlines(true)
                    .build();
            for (int shard = 0; shard < result.getMap().getShardCount(); shard++) {
                if (result.getMap().getOwner(shard) == ShardMapMachine.ROOT_GROUP) {
                    shards.replace(shard, first);
                }
            }
        }
        map = result.getMap();
        return new ApplyResult.Map(result);
    }

    private ApplyResult move(int shard, Function<ShardRecord, ShardTransition> command) {
        if (shard < 0 || shard >= Keys.SHARDS_MAX) {
            return new ApplyResult.Shard(database.shard(shard), false);
        }
        database.endRun(shard);
        return change(shard, command.apply(shards.record(shard)));
    }

    private ApplyResult change(int shard, ShardTransition transition) {
        if (transition.purge() != ShardTransition.NO_PURGE) {
            // An import that starts over writes there again; else an incarnation never comes back.
            boolean forGood = transition.record().getIncarnation() != transition.purge()
                    || transition.record().getState() != ShardRecord.State.IMPORTING;
            List<KeyRange> rows = Keys.rows(shard, transition.purge());
            if (forGood) {
                batch.dropRanges(rows);
            } else {
                rows.forEach(batch::deleteRange);
            }
            sessions.drop(shard, transition.purge());
            if (!forGood) {
                database.barRunUntilDurable(shard, applied.index());
            }
        }
        if (transition.changed()) {
            shards.replace(shard, transition.record());
        }
        return new ApplyResult.Shard(new ShardView(shard, transition.record()), transition.changed());
    }

    private ApplyResult withoutTail(ApplyResult moved) {
        if (moved instanceof ApplyResult.Shard(ShardView shard, boolean changed) && changed) {
            tails.drop(shard);
        }
        return moved;
    }

    private ApplyResult importChunk(ImportChunk command) {
        ShardRecord shard = shards.record(command.getShard());
        if (!ShardTransition.takes(shard, command)) {
            return new ApplyResult.Shard(new ShardView(command.getShard(), shard), false);
        }
        boolean inRun = command.getTailCount() == 0 && database.mayRun(command.getShard());
        if (!inRun) {
            database.endRun(command.getShard()); // what the tail changes is looked up
        }
        ImportedRows imported = new ImportedRows(database.rows(), command.getShard(), shard.getIncarnation());
        imported.take(shard, command);
        imported.writeTo(batch, inRun ? database.run(command.getShard()) : batch);
        if (ShardTransition.hasAllRows(shard, command)) {
            database.endRun(command.getShard());
        }
        return change(
                command.getShard(),
                ShardTransition.importChunk(
                        shard, command, imported.lastRow(), imported.digestChange(), imported.mayExpire()));
    }

    /** Makes it all real. */
    void commit() {
        keys.writeTo(batch);
        database.commit(batch, applied, shards.changed(), map, members);
    }

    @Override
    public void close() {
        batch.close();
    }
}
