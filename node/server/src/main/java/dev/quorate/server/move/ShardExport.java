package dev.quorate.server.move;

import com.google.protobuf.ByteString;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.MoveState;
import dev.quorate.api.ShardMap;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.driver.Commands;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.map.Root;
import dev.quorate.server.proto.ExportChunk;
import dev.quorate.server.proto.ExportedChunk;
import dev.quorate.store.ShardChunk;
import dev.quorate.store.Store;
import dev.quorate.store.StoreView;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.FreezeShard;
import dev.quorate.store.proto.ShardRecord;
import java.time.Duration;
import java.util.Optional;

/** The source's answer to a target that pulls a shard. On the leader only; a frozen shard does not change, so any chunk may be asked for again. */
public final class ShardExport {
    private static final int MAX_CHUNK_BYTES = 4 << 20;

    private final RaftDriver driver;
    private final Commands commands;
    private final Store store;
    private final Root root;

    public ShardExport(RaftDriver driver, Commands commands, Store store, Root root) {
        this.driver = driver;
        this.commands = commands;
        this.store = store;
        this.root = root;
    }

    public ExportedChunk chunk(ExportChunk request, Duration timeout) {
        if (!driver.leadsSettled()) {
            throw RequestException.notLeader(null);
        }
        int shard = request.getShard();
        ShardRecord own = store.shard(shard).record();
        boolean copying = own.getState() == ShardRecord.State.OWNED && isCopying(request.getMoveId(), timeout);
        return switch (MoveLogic.export(own, request.getMoveId(), copying)) {
            case SERVE -> read(request);
            case FREEZE -> {
                commands.execute(
                        Command.newBuilder()
                                .setFreeze(
                                        FreezeShard.newBuilder().setShard(shard).setMoveId(request.getMoveId()))
                                .build(),
                        timeout);
                yield read(request);
            }
            case REFUSE -> throw refusal(request, own);
        };
    }

    /** Asks root first (rule 5): a shard is never frozen for a move that root has decided already. */
    private boolean isCopying(long moveId, Duration timeout) {
        ShardMap map = root.readMap(timeout);
        return map.getMovesList().stream()
                .anyMatch(move -> move.getId() == moveId && move.getState() == MoveState.COPYING);
    }

    private ExportedChunk read(ExportChunk request) {
        int shard = request.getShard();
        byte[] after = request.getAfter().isEmpty() ? null : request.getAfter().toByteArray();
        try (StoreView view = store.view()) {
            int maxBytes = Math.clamp(request.getMaxBytes(), 1, MAX_CHUNK_BYTES);
            return chunk(view, shard, request.getMoveId(), after, maxBytes)
                    .orElseThrow(() -> refusal(request, view.shard(shard).record()));
        }
    }

    /**
     * A part of a shard that is frozen for a move; empty when it is not frozen for that move.
     *
     * @param after the last key that is there already, or null
     */
    public static Optional<ExportedChunk> chunk(StoreView view, int shard, long moveId, byte[] after, int maxBytes) {
        ShardRecord own = view.shard(shard).record();
        if (own.getState() != ShardRecord.State.FROZEN || own.getMoveId() != moveId) {
            return Optional.empty();
        }
        ShardChunk chunk = view.exportChunk(shard, own.getIncarnation(), after, maxBytes);
        ExportedChunk.Builder answer =
                ExportedChunk.newBuilder().addAllRows(chunk.rows()).setLast(chunk.last());
        if (chunk.last()) {
            answer.setDigest(view.digest(shard, own.getIncarnation()))
                    .setVersionCounter(own.getVersionCounter())
                    .setClockMillis(own.getClockMillis())
                    .setSessionCounter(own.getSessionCounter())
                    .setSessionCount(own.getSessionCount());
        }
        return Optional.of(answer.build());
    }

    private static RequestException refusal(ExportChunk request, ShardRecord own) {
        return RequestException.of(
                Error.Code.INVALID,
                Effect.NOT_APPLIED,
                "shard " + request.getShard() + " is " + own.getState() + " by move " + own.getMoveId()
                        + " here: nothing to export for move " + request.getMoveId());
    }

    static ByteString lastKey(ExportedChunk chunk) {
        return chunk.getRows(chunk.getRowsCount() - 1).getKey();
    }
}
