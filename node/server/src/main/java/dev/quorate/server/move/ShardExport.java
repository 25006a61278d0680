package dev.quorate.server.move;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.ShardMap;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.driver.Commands;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.map.Root;
import dev.quorate.server.proto.ExportChunk;
import dev.quorate.server.proto.ExportedChunk;
import dev.quorate.server.snapshot.Throttle;
import dev.quorate.store.RowsView;
import dev.quorate.store.Store;
import dev.quorate.store.proto.BeginExport;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.FreezeShard;
import dev.quorate.store.proto.ShardRecord;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The source's answers to a target that pulls a shard: rows as they are now, and the tail of what was changed since the export began. On the leader only;
 * any part may be asked for again, of any leader.
 */
public final class ShardExport {
    private static final int MAX_CHUNK_BYTES = 4 << 20;
    /** A target that wants the shard frozen asks again after that. */
    private static final Duration DIGEST_PATIENCE = Duration.ofSeconds(1);

    private final RaftDriver driver;
    private final Commands commands;
    private final Store store;
    private final Root root;
    private final Throttle throttle;
    private final BaseDigests bases;

    /** @param bytesPerSecond of rows and tails that all moves from this node read together, and as much for their digests */
    public ShardExport(RaftDriver driver, Commands commands, Store store, Root root, long bytesPerSecond) {
        this.driver = driver;
        this.commands = commands;
        this.store = store;
        this.root = root;
        throttle = new Throttle(bytesPerSecond);
        bases = new BaseDigests(store, new Throttle(bytesPerSecond));
    }

    public ExportedChunk chunk(ExportChunk request, Duration timeout) throws InterruptedException {
        if (!driver.leadsSettled()) {
            throw RequestException.notLeader(null);
        }
        int shard = request.getShard();
        long moveId = request.getMoveId();
        ShardRecord own = store.shard(shard).record();
        boolean freeze =
                request.getFreeze() && bases.await(moveId, DIGEST_PATIENCE).isPresent();
        switch (MoveLogic.export(own, moveId, freeze, () -> isCopying(moveId, timeout))) {
            case SERVE -> {
                if (own.getState() == ShardRecord.State.FROZEN
                        && request.getAfter().isEmpty()) {
                    bases.forget(moveId); // the copy starts over: this time it is compared with what is here
                }
            }
            case BEGIN -> {
                BeginExport begin = BeginExport.newBuilder()
                        .setShard(shard)
                        .setMoveId(moveId)
                        .build();
                commands.execute(Command.newBuilder().setBeginExport(begin).build(), timeout);
            }
            case FREEZE -> {
                FreezeShard begin = FreezeShard.newBuilder()
                        .setShard(shard)
                        .setMoveId(moveId)
                        .build();
                commands.execute(Command.newBuilder().setFreeze(begin).build(), timeout);
            }
            case REFUSE -> throw refusal(request, own);
        }
        return read(request);
    }

    /** Asks root first (rule 5): a shard is never frozen for a move that root has decided already. */
    private boolean isCopying(long moveId, Duration timeout) {
        ShardMap map = root.readMap(timeout);
        bases.keepOnly(map.getMovesList().stream().map(Move::getId).collect(Collectors.toSet()));
        return map.getMovesList().stream()
                .anyMatch(move -> move.getId() == moveId && move.getState() == MoveState.COPYING);
    }

    /** What is left once requests wait is little, and waits for no other move. */
    private ExportedChunk read(ExportChunk request) throws InterruptedException {
        int maxBytes = Math.clamp(request.getMaxBytes(), 1, MAX_CHUNK_BYTES);
        bases.begin(request.getShard(), request.getMoveId());
        ExportedChunk chunk;
        try (RowsView view = store.rowsView(request.getShard())) {
            chunk = ShardCopy.read(view, request, maxBytes, (now, own) -> baseDigest(now, own, request))
                    .orElseThrow(() ->
                            refusal(request, view.shard(request.getShard()).record()));
        }
        if (!chunk.getFrozen()) {
            throttle.take(chunk.getSerializedSize());
        }
        return chunk;
    }

    /** Only where this member came to lead after the freeze does it have to read the shard now. */
    private long baseDigest(RowsView view, ShardRecord own, ExportChunk request) throws InterruptedException {
        OptionalLong base = bases.await(request.getMoveId(), DIGEST_PATIENCE);
        return base.isPresent() ? base.getAsLong() : ShardCopy.baseDigest(view, request.getShard(), own);
    }

    private static RequestException refusal(ExportChunk request, ShardRecord own) {
        return RequestException.of(
                Error.Code.INVALID,
                Effect.NOT_APPLIED,
                "shard " + request.getShard() + " is " + own.getState() + " by move " + own.getMoveId()
                        + " here: nothing to export for move " + request.getMoveId());
    }
}
