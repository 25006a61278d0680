package dev.quorate.store;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.AdoptShard;
import dev.quorate.store.proto.BeginExport;
import dev.quorate.store.proto.BeginImport;
import dev.quorate.store.proto.CompleteImport;
import dev.quorate.store.proto.DiscardImport;
import dev.quorate.store.proto.FreezeShard;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.PurgeShard;
import dev.quorate.store.proto.ReleaseShard;
import dev.quorate.store.proto.SettleShard;
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

    /** Whether reads and writes are taken. */
    static boolean serves(ShardRecord shard) {
        return shard.getState() == State.OWNED || shard.getState() == State.EXPORTING;
    }

    /** Owned -> Exporting: serves on, and what changes is kept for the target. */
    static ShardTransition beginExport(ShardRecord shard, BeginExport command) {
        if (shard.getState() != State.OWNED || command.getMoveId() <= shard.getMoveId()) {
            return unchanged(shard);
        }
        return to(shard.toBuilder()
                .setState(State.EXPORTING)
                .setMoveId(command.getMoveId())
                .setExportDigest(ShardDigest.EMPTY));
    }

    /** Owned or Exporting -> Frozen: the source stops serving, so that the copy can be complete. */
    static ShardTransition freeze(ShardRecord shard, FreezeShard command) {
        boolean exporting = shard.getState() == State.EXPORTING && command.getMoveId() == shard.getMoveId();
        boolean atOnce = shard.getState() == State.OWNED && command.getMoveId() > shard.getMoveId();
        if (!exporting && !atOnce) {
            return unchanged(shard);
        }
        return to(shard.toBuilder().setState(State.FROZEN).setMoveId(command.getMoveId()));
    }

    /**
     * Exporting or Frozen -> Owned: root aborted the move. A shard whose export had not begun stays owned but remembers the move, so that what begins
     * it, should it still come, is late.
     */
    static ShardTransition thaw(ShardRecord shard, ThawShard command) {
        boolean leaving = shard.getState() == State.EXPORTING || shard.getState() == State.FROZEN;
        boolean byMove = leaving && command.getMoveId() == shard.getMoveId();
        boolean notBegunYet = shard.getState() == State.OWNED && command.getMoveId() > shard.getMoveId();
        if (!byMove && !notBegunYet) {
            return unchanged(shard);
        }
        return to(shard.toBuilder()
                .setState(State.OWNED)
                .setMoveId(command.getMoveId())
                .setEpoch(command.getDecidedEpoch())
                .clearExportDigest());
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

    /**
     * Whether a chunk is the next one: it goes on just where the import stands, so that chunks which two leaders pulled are not mixed up, and it is not
     * older than the tail that is applied, which tells a change only once.
     */
    static boolean takes(ShardRecord shard, ImportChunk command) {
        return importing(shard, command.getMoveId())
                && command.getNumber() == shard.getNextChunk()
                && command.getAfter().equals(shard.getResumeAfter())
                && command.getTailAfter() == shard.getTailPosition()
                && command.getSourceIndex() >= shard.getTailPosition();
    }

    /**
     * The next chunk of an import.
     *
     * @param lastRow the last in the order of keys that the import has with it, as it travels; empty when it has none
     * @param digestChange what storing its rows and tail changes the digest of all rows by
     * @param mayExpire whether some of its keys have deadlines
     */
    static ShardTransition importChunk(
            ShardRecord shard, ImportChunk command, ByteString lastRow, long digestChange, boolean mayExpire) {
        if (!takes(shard, command)) {
            return unchanged(shard);
        }
        long tail = command.getTailCount() == 0
                ? shard.getTailPosition()
                : command.getTail(command.getTailCount() - 1).getIndex();
        return to(shard.toBuilder()
                .setNextChunk(shard.getNextChunk() + 1)
                .setResumeAfter(lastRow)
                .setRowsDone(hasAllRows(shard, command))
                .setTailPosition(tail)
                .setImportDigest(shard.getImportDigest() + digestChange)
                .setNoDeadlines(shard.getNoDeadlines() && !mayExpire));
    }

    /** A chunk's rows. They go on after those that the import has: others are left out, which shows in the digest. */
    static ByteString rows(ShardRecord shard, ImportChunk command) {
        ByteString first = PackedRows.firstKey(command.getRows());
        boolean goesOn = ByteString.unsignedLexicographicalComparator().compare(first, shard.getResumeAfter()) > 0;
        return goesOn ? command.getRows() : ByteString.EMPTY;
    }

    static boolean hasAllRows(ShardRecord shard, ImportChunk command) {
        return shard.getRowsDone() || command.getRowsDone();
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
                .clearRowsDone()
                .clearTailPosition()
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
        return to(imported(shard).setEpoch(command.getDecidedEpoch()));
    }

    private static ShardRecord.Builder imported(ShardRecord shard) {
        return ShardRecord.newBuilder()
                .setState(State.OWNED)
                .setIncarnation(shard.getIncarnation())
                .setMoveId(shard.getMoveId())
                .setVersionCounter(shard.getVersionCounter())
                .setClockMillis(shard.getClockMillis())
                .setSessionCounter(shard.getSessionCounter())
                .setSessionCount(shard.getSessionCount());
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

    /**
     * What becomes of a shard that was on the move when the map was lost: it serves on here, or another group has it. What arrived in full serves here from now on; what
     * did not can't. Never takes a shard from a group that owns it.
     */
    static ShardTransition settle(ShardRecord shard, SettleShard command) {
        boolean here = command.getNewOwner() == 0;
        return switch (shard.getState()) {
            case EXPORTING, FROZEN ->
                to(shard.toBuilder()
                        .setState(here ? State.OWNED : State.RELEASED)
                        .setMoveId(command.getGeneration())
                        .setEpoch(command.getGeneration())
                        .setPeerGroup(command.getNewOwner())
                        .clearExportDigest());
            case IMPORTING -> here ? keepImport(shard, command) : dropImport(shard, command);
            default -> unchanged(shard);
        };
    }

    private static ShardTransition keepImport(ShardRecord shard, SettleShard command) {
        return shard.getImportComplete()
                ? to(imported(shard).setMoveId(command.getGeneration()).setEpoch(command.getGeneration()))
                : unchanged(shard);
    }

    private static ShardTransition dropImport(ShardRecord shard, SettleShard command) {
        ShardRecord ofGeneration =
                shard.toBuilder().setMoveId(command.getGeneration()).build();
        return new ShardTransition(none(ofGeneration), true, shard.getIncarnation());
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
