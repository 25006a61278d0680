package dev.quorate.store;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.AdoptShard;
import dev.quorate.store.proto.BeginImport;
import dev.quorate.store.proto.CompleteImport;
import dev.quorate.store.proto.DiscardImport;
import dev.quorate.store.proto.FreezeShard;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.PurgeShard;
import dev.quorate.store.proto.ReleaseShard;
import dev.quorate.store.proto.Row;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ShardRecord.State;
import dev.quorate.store.proto.ThawShard;

/**
 * What a command of a move does to a shard's record: pure. Rule 3 of the design, nothing late: a command that names another move than the current
 * one changes nothing. Ids of moves only go up, so a record's {@code move_id} also bars all moves up to it from beginning again.
 *
 * @param record the shard's record afterwards
 * @param changed false when the command was out of place: nothing changes
 * @param purge incarnation whose data goes, or {@link #NO_PURGE}
 */
record ShardTransition(ShardRecord record, boolean changed, long purge) {
    static final long NO_PURGE = -1;

    /** Owned -> Frozen: the source stops serving, so that the copy can be complete. */
    static ShardTransition freeze(ShardRecord shard, FreezeShard command) {
        if (shard.getState() != State.OWNED || command.getMoveId() <= shard.getMoveId()) {
            return unchanged(shard);
        }
        return to(shard.toBuilder().setState(State.FROZEN).setMoveId(command.getMoveId()));
    }

    /**
     * Frozen -> Owned: root aborted the move. A shard that was not frozen yet stays owned but remembers the move, so that its freeze, should it
     * still come, is late.
     */
    static ShardTransition thaw(ShardRecord shard, ThawShard command) {
        boolean frozenByMove = shard.getState() == State.FROZEN && command.getMoveId() == shard.getMoveId();
        boolean notFrozenYet = shard.getState() == State.OWNED && command.getMoveId() > shard.getMoveId();
        if (!frozenByMove && !notFrozenYet) {
            return unchanged(shard);
        }
        return to(shard.toBuilder()
                .setState(State.OWNED)
                .setMoveId(command.getMoveId())
                .setEpoch(command.getDecidedEpoch()));
    }

    /** Frozen -> Released: root switched the move. The data stays until it is purged by name. */
    static ShardTransition release(ShardRecord shard, ReleaseShard command) {
        if (shard.getState() != State.FROZEN || command.getMoveId() != shard.getMoveId()) {
            return unchanged(shard);
        }
        return to(shard.toBuilder()
                .setState(State.RELEASED)
                .setEpoch(command.getDecidedEpoch())
                .setPeerGroup(command.getNewOwner()));
    }

    /** Deletes the data of one incarnation, never that of a shard that is here; forgets where a released shard went. */
    static ShardTransition purge(ShardRecord shard, PurgeShard command) {
        boolean present = shard.getState() != State.NONE && shard.getState() != State.RELEASED;
        boolean current = shard.getIncarnation() == command.getIncarnation();
        if (command.getIncarnation() < 0 || present && current) {
            return unchanged(shard);
        }
        boolean forget = shard.getState() == State.RELEASED && current;
        return new ShardTransition(forget ? none(shard) : shard, true, command.getIncarnation());
    }

    /** None or Released -> Importing, under a new incarnation. Data of older ones is not touched. */
    static ShardTransition beginImport(ShardRecord shard, BeginImport command) {
        boolean absent = shard.getState() == State.NONE || shard.getState() == State.RELEASED;
        if (!absent || command.getMoveId() <= shard.getMoveId()) {
            return unchanged(shard);
        }
        return to(ShardRecord.newBuilder()
                .setState(State.IMPORTING)
                .setIncarnation(command.getMoveId())
                .setMoveId(command.getMoveId())
                .setEpoch(shard.getEpoch())
                .setPeerGroup(command.getSource())
                .setImportDigest(ShardDigest.EMPTY)
                .setNoDeadlines(true));
    }

    /** The next chunk of an import; its rows are stored when this says changed. */
    static ShardTransition importChunk(ShardRecord shard, ImportChunk command) {
        if (!importing(shard, command.getMoveId()) || command.getNumber() != shard.getNextChunk()) {
            return unchanged(shard);
        }
        long digest = shard.getImportDigest();
        boolean noDeadlines = shard.getNoDeadlines();
        for (Row row : command.getRowsList()) {
            digest += ShardDigest.of(row);
            noDeadlines &= !StoredValue.mayExpire(row);
        }
        ByteString last = command.getRowsCount() == 0
                ? shard.getResumeAfter()
                : command.getRows(command.getRowsCount() - 1).getKey();
        return to(shard.toBuilder()
                .setNextChunk(shard.getNextChunk() + 1)
                .setResumeAfter(last)
                .setImportDigest(digest)
                .setNoDeadlines(noDeadlines));
    }

    /** Rule 1: an import counts as complete only when what arrived is what was sent; else it starts over with chunk 0. */
    static ShardTransition completeImport(ShardRecord shard, CompleteImport command) {
        if (!importing(shard, command.getMoveId())) {
            return unchanged(shard);
        }
        if (command.getChunks() == shard.getNextChunk() && command.getDigest() == shard.getImportDigest()) {
            return to(shard.toBuilder()
                    .setImportComplete(true)
                    .setVersionCounter(command.getVersionCounter())
                    .setClockMillis(command.getClockMillis())
                    .setSessionCounter(command.getSessionCounter())
                    .setSessionCount(command.getSessionCount()));
        }
        ShardRecord startOver = shard.toBuilder()
                .setNextChunk(0)
                .clearResumeAfter()
                .setImportDigest(ShardDigest.EMPTY)
                .build();
        return new ShardTransition(startOver, true, shard.getIncarnation());
    }

    /** Importing, complete -> Owned: root switched the move. */
    static ShardTransition adopt(ShardRecord shard, AdoptShard command) {
        boolean ready = shard.getState() == State.IMPORTING && shard.getImportComplete();
        if (!ready || command.getMoveId() != shard.getMoveId()) {
            return unchanged(shard);
        }
        return to(ShardRecord.newBuilder()
                .setState(State.OWNED)
                .setIncarnation(shard.getIncarnation())
                .setMoveId(shard.getMoveId())
                .setVersionCounter(shard.getVersionCounter())
                .setClockMillis(shard.getClockMillis())
                .setSessionCounter(shard.getSessionCounter())
                .setSessionCount(shard.getSessionCount())
                .setEpoch(command.getDecidedEpoch()));
    }

    /**
     * Importing -> none: root aborted the move; what was imported goes. Where the import had not begun the record remembers the move, so that its
     * beginning, should it still come, is late.
     */
    static ShardTransition discardImport(ShardRecord shard, DiscardImport command) {
        if (shard.getState() == State.IMPORTING && command.getMoveId() == shard.getMoveId()) {
            return new ShardTransition(none(shard), true, shard.getIncarnation());
        }
        boolean absent = shard.getState() == State.NONE || shard.getState() == State.RELEASED;
        if (!absent || command.getMoveId() <= shard.getMoveId()) {
            return unchanged(shard);
        }
        return to(shard.toBuilder().setMoveId(command.getMoveId()));
    }

    private static boolean importing(ShardRecord shard, long moveId) {
        return shard.getState() == State.IMPORTING && shard.getMoveId() == moveId && !shard.getImportComplete();
    }

    /** A shard that is not here any more; its last move bars late commands, its epoch late redirects. */
    private static ShardRecord none(ShardRecord shard) {
        return ShardRecord.newBuilder()
                .setMoveId(shard.getMoveId())
                .setEpoch(shard.getEpoch())
                .build();
    }

    private static ShardTransition to(ShardRecord.Builder record) {
        return new ShardTransition(record.build(), true, NO_PURGE);
    }

    private static ShardTransition unchanged(ShardRecord shard) {
        return new ShardTransition(shard, false, NO_PURGE);
    }
}
