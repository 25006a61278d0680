package dev.quorate.bench.scaling;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import dev.quorate.api.Move;
import dev.quorate.api.ShardMap;
import dev.quorate.server.move.MoveAction;
import dev.quorate.server.move.MoveLogic;
import dev.quorate.server.move.ShardCopy;
import dev.quorate.server.proto.ExportChunk;
import dev.quorate.server.proto.ExportedChunk;
import dev.quorate.store.RowsView;
import dev.quorate.store.proto.BeginExport;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.FreezeShard;
import dev.quorate.store.proto.ShardRecord;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Makes the shard map and spreads the shards evenly over the groups, by the same commands and the same rules of a move as nodes do. */
final class Placement {
    private static final int ROOT = 1;
    private static final int CHUNK_BYTES = 1 << 18;
    private static final int MOVES_AT_ONCE = 16;

    private final int groups;
    private final int shards;
    private final IntFunction<SimulatedMember> leaders;

    Placement(int groups, int shards, IntFunction<SimulatedMember> leaders) {
        this.groups = groups;
        this.shards = shards;
        this.leaders = leaders;
    }

    /** Goes on by one step of each shard. Returns whether all is as it shall be. */
    boolean step() {
        ShardMap map = map();
        if (map.getEpoch() == 0) {
            change(MapChange.newBuilder()
                    .setCreate(MapChange.CreateMap.newBuilder()
                            .setClusterId("simulated")
                            .setShardCount(shards)
                            .setRoot(Group.newBuilder().setId(ROOT).addMembers(member(ROOT)))));
            return false;
        }
        if (map.getGroupsCount() < groups) {
            change(MapChange.newBuilder()
                    .setAddGroup(MapChange.AddGroup.newBuilder().setGroupId(map.getNextGroupId())));
            return false;
        }
        map.getGroupsList().forEach(this::activate);
        int[] misplaced = IntStream.range(0, shards)
                .filter(shard -> map.getOwner(shard) != wanted(shard))
                .toArray();
        if (map.getMovesCount() == 0) {
            IntStream.of(misplaced).limit(MOVES_AT_ONCE).forEach(shard -> startMove(map, shard));
        }
        for (Move move : map.getMovesList()) {
            advance(move, move.getToGroup());
            advance(move, move.getFromGroup());
        }
        return misplaced.length == 0 && map.getMovesCount() == 0;
    }

    ShardMap map() {
        return leaders.apply(ROOT).store().map();
    }

    private int wanted(int shard) {
        return ROOT + shard % groups;
    }

    private void activate(Group group) {
        if (group.getMembersCount() == 0) {
            change(MapChange.newBuilder()
                    .setSetMembers(MapChange.SetGroupMembers.newBuilder()
                            .setGroupId(group.getId())
                            .addMembers(member(group.getId()))));
        } else if (group.getState() != GroupState.ACTIVE) {
            change(MapChange.newBuilder()
                    .setSetState(MapChange.SetGroupState.newBuilder()
                            .setGroupId(group.getId())
                            .setState(GroupState.ACTIVE)));
        }
    }

    private static Member member(int group) {
        return Member.newBuilder().setId("member-" + group).setHost("host").build();
    }

    private void startMove(ShardMap map, int shard) {
        change(MapChange.newBuilder()
                .setStartMove(MapChange.StartMove.newBuilder()
                        .setShard(shard)
                        .setFromGroup(map.getOwner(shard))
                        .setToGroup(wanted(shard))));
    }

    private void change(MapChange.Builder change) {
        leaders.apply(ROOT).propose(Command.newBuilder().setMapChange(change).build());
    }

    private void advance(Move move, int group) {
        SimulatedMember leader = leaders.apply(group);
        switch (MoveLogic.next(group, record(leader, move), move)) {
            case MoveAction.Await() -> {}
            case MoveAction.Propose(Command command) -> leader.propose(command);
            case MoveAction.AskRoot(MapChange change) -> change(change.toBuilder());
            case MoveAction.Import() -> pull(leader, leaders.apply(move.getFromGroup()), move);
        }
    }

    private static ShardRecord record(SimulatedMember leader, Move move) {
        return leader.store().shard(move.getShard()).record();
    }

    /** The shards are empty: what is pulled comes at once. */
    private static void pull(SimulatedMember target, SimulatedMember source, Move move) {
        ShardRecord own = record(target, move);
        ExportChunk.Builder wanted = ShardCopy.wanted(move, own, CHUNK_BYTES).setFreeze(own.getRowsDone());
        switch (MoveLogic.export(record(source, move), move.getId(), wanted.getFreeze(), () -> true)) {
            case SERVE -> read(source, wanted.build()).ifPresent(chunk -> take(target, move, own, wanted, chunk));
            case BEGIN ->
                source.propose(Command.newBuilder()
                        .setBeginExport(BeginExport.newBuilder()
                                .setShard(move.getShard())
                                .setMoveId(move.getId()))
                        .build());
            case FREEZE ->
                source.propose(Command.newBuilder()
                        .setFreeze(FreezeShard.newBuilder()
                                .setShard(move.getShard())
                                .setMoveId(move.getId()))
                        .build());
            case REFUSE -> {}
        }
    }

    private static Optional<ExportedChunk> read(SimulatedMember source, ExportChunk wanted) {
        try (RowsView view = source.store().rowsView(wanted.getShard())) {
            return ShardCopy.read(
                    view, wanted, CHUNK_BYTES, (now, own) -> ShardCopy.baseDigest(now, wanted.getShard(), own));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a simulation", e);
        }
    }

    private static void take(
            SimulatedMember target, Move move, ShardRecord own, ExportChunk.Builder wanted, ExportedChunk chunk) {
        long chunks = own.getNextChunk();
        if (ShardCopy.isNews(wanted, chunk)) {
            target.propose(Command.newBuilder()
                    .setImportChunk(ShardCopy.importChunk(wanted, chunks++, chunk))
                    .build());
        }
        if (ShardCopy.isAll(chunk) && chunk.getFrozen()) {
            target.propose(Command.newBuilder()
                    .setCompleteImport(ShardCopy.complete(move, chunks, chunk))
                    .build());
        }
    }
}
