package dev.quorate.server.move;

import dev.quorate.api.Move;
import dev.quorate.server.proto.ExportChunk;
import dev.quorate.server.proto.ExportedChunk;
import dev.quorate.store.PackedRows;
import dev.quorate.store.RowsView;
import dev.quorate.store.ShardChunk;
import dev.quorate.store.ShardTail;
import dev.quorate.store.proto.CompleteImport;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.ShardRecord;
import java.util.Optional;

/** What the two sides of a copy say to each other and to their groups: pure, so that a simulation copies as the node does. */
public final class ShardCopy {
    private ShardCopy() {}

    /** What the target asks for next, from where its record stands. */
    public static ExportChunk.Builder wanted(Move move, ShardRecord target, int maxBytes) {
        return ExportChunk.newBuilder()
                .setShard(move.getShard())
                .setMoveId(move.getId())
                .setMaxBytes(maxBytes)
                .setAfter(target.getResumeAfter())
                .setRowsDone(target.getRowsDone())
                .setTailAfter(target.getTailPosition());
    }

    /** The digest of the shard's rows when its export began. */
    public interface BaseDigest {
        long of(RowsView view, ShardRecord source) throws InterruptedException;
    }

    /** Reads the shard for it. */
    public static long baseDigest(RowsView view, int shard, ShardRecord source) {
        return view.digest(shard, source.getIncarnation()) - source.getExportDigest();
    }

    /**
     * The source's answer: rows and, once the target has all of them, the tail. So the target only has to look up what the tail changes after it has put all rows
     * where nothing was. Empty when the shard is not in the move's hands.
     */
    public static Optional<ExportedChunk> read(RowsView view, ExportChunk wanted, int maxBytes, BaseDigest base)
            throws InterruptedException {
        int shard = wanted.getShard();
        ShardRecord own = view.shard(shard).record();
        boolean frozen = own.getState() == ShardRecord.State.FROZEN;
        boolean leaving = frozen || own.getState() == ShardRecord.State.EXPORTING;
        if (!leaving || own.getMoveId() != wanted.getMoveId()) {
            return Optional.empty();
        }
        ExportedChunk.Builder answer =
                ExportedChunk.newBuilder().setLast(true).setFrozen(frozen).setSourceIndex(view.appliedIndex());
        if (wanted.getRowsDone()) {
            ShardTail tail = view.tail(shard, own.getIncarnation(), wanted.getTailAfter(), maxBytes);
            answer.addAllTail(tail.entries()).setTailDone(tail.last());
        } else {
            byte[] after =
                    wanted.getAfter().isEmpty() ? null : wanted.getAfter().toByteArray();
            ShardChunk rows = view.exportChunk(shard, own.getIncarnation(), after, maxBytes);
            answer.setRows(rows.rows()).setLast(rows.last());
        }
        if (frozen && answer.getLast() && answer.getTailDone()) {
            answer.setDigest(base.of(view, own) + own.getExportDigest())
                    .setVersionCounter(own.getVersionCounter())
                    .setClockMillis(own.getClockMillis())
                    .setSessionCounter(own.getSessionCounter())
                    .setSessionCount(own.getSessionCount());
        }
        return Optional.of(answer.build());
    }

    /** Whether there is anything in an answer that the target does not have. */
    public static boolean isNews(ExportChunk.Builder wanted, ExportedChunk answer) {
        return !answer.getRows().isEmpty() || answer.getTailCount() > 0 || answer.getLast() != wanted.getRowsDone();
    }

    /** Whether the target has all there was, with this answer. */
    public static boolean isAll(ExportedChunk answer) {
        return answer.getLast() && answer.getTailDone();
    }

    public static ImportChunk importChunk(ExportChunk.Builder wanted, long number, ExportedChunk answer) {
        return ImportChunk.newBuilder()
                .setShard(wanted.getShard())
                .setMoveId(wanted.getMoveId())
                .setNumber(number)
                .setRows(answer.getRows())
                .setAfter(wanted.getAfter())
                .setRowsDone(answer.getLast())
                .addAllTail(answer.getTailList())
                .setTailAfter(wanted.getTailAfter())
                .setSourceIndex(answer.getSourceIndex())
                .build();
    }

    /** From here on what follows the answer is wanted. */
    static void goOnAfter(ExportChunk.Builder wanted, ExportedChunk answer) {
        if (!answer.getRows().isEmpty()) {
            wanted.setAfter(PackedRows.lastKey(answer.getRows()));
        }
        if (answer.getTailCount() > 0) {
            wanted.setTailAfter(answer.getTail(answer.getTailCount() - 1).getIndex());
        }
        wanted.setRowsDone(answer.getLast());
    }

    /** @param last the answer of a frozen shard that has all */
    public static CompleteImport complete(Move move, long chunks, ExportedChunk last) {
        return CompleteImport.newBuilder()
                .setShard(move.getShard())
                .setMoveId(move.getId())
                .setChunks(chunks)
                .setDigest(last.getDigest())
                .setVersionCounter(last.getVersionCounter())
                .setClockMillis(last.getClockMillis())
                .setSessionCounter(last.getSessionCounter())
                .setSessionCount(last.getSessionCount())
                .build();
    }
}
