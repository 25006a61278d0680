package dev.quorate.sim;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.ShardMap;
import dev.quorate.server.move.MoveAction;
import dev.quorate.server.move.MoveLogic;
import dev.quorate.server.move.ShardCopy;
import dev.quorate.server.proto.ExportChunk;
import dev.quorate.server.proto.ExportedChunk;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.world.Fault;
import dev.quorate.sim.world.Network;
import dev.quorate.sim.world.Timeline;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.proto.BeginExport;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.FreezeShard;
import dev.quorate.store.proto.ShardRecord;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Makes the shard map, starts and aborts moves, and carries both sides of them out as the node does: each group's leader looks at its own shard and at
 * a copy of the map that may be old, asks {@link MoveLogic} for the next step, and takes it over a network that may lose it.
 */
final class Mover {
    private static final int MAX_PAUSE_MILLIS = 30;
    private static final int CHUNK_BYTES = 300;
    private static final int[] LATENESS_MILLIS = {60, 600, 3_000};
    private static final int DANGER_MILLIS = 60;

    private final Scenario scenario;
    private final Cluster cluster;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final Network network;
    private boolean quiet;

    Mover(Scenario scenario, Cluster cluster, Timeline timeline, SplittableRandom random, Network network) {
        this.scenario = scenario;
        this.cluster = cluster;
        this.timeline = timeline;
        this.random = random;
        this.network = network;
    }

    void start() {
        timeline.after(1 + random.nextInt(MAX_PAUSE_MILLIS), () -> {
            Member root = cluster.root().likelyLeader();
            if (root.isLeader()) {
                administer(root, root.map());
            }
            cluster.groups().forEach(this::look);
            start();
        });
    }

    /** No more moves are started; those under way are finished. */
    void quiet() {
        quiet = true;
    }

    /** The map grows by one step at a time; once it is whole, shards move. */
    private void administer(Member root, ShardMap map) {
        if (map.getEpoch() == 0) {
            change(root, create());
        } else if (map.getGroupsCount() < scenario.groups()) {
            change(
                    root,
                    MapChange.newBuilder()
                            .setAddGroup(MapChange.AddGroup.newBuilder().setGroupId(map.getNextGroupId())));
        } else {
            Group last = map.getGroups(map.getGroupsCount() - 1);
            if (last.getMembersCount() == 0) {
                change(
                        root,
                        MapChange.newBuilder()
                                .setSetMembers(MapChange.SetGroupMembers.newBuilder()
                                        .setGroupId(last.getId())
                                        .addMembers(firstMember(last.getId()))));
            } else if (last.getState() != GroupState.ACTIVE) {
                change(
                        root,
                        MapChange.newBuilder()
                                .setSetState(MapChange.SetGroupState.newBuilder()
                                        .setGroupId(last.getId())
                                        .setState(GroupState.ACTIVE)));
            } else if (!quiet && scenario.groups() > 1 && random.nextInt(8) == 0) {
                move(root, map);
            }
        }
    }

    private MapChange.Builder create() {
        return MapChange.newBuilder()
                .setCreate(MapChange.CreateMap.newBuilder()
                        .setClusterId("simulated")
                        .setShardCount(scenario.shards())
                        .setRoot(Group.newBuilder()
                                .setId(Cluster.ROOT_GROUP)
                                .addMembers(firstMember(Cluster.ROOT_GROUP))));
    }

    private static dev.quorate.api.Member firstMember(int group) {
        return dev.quorate.api.Member.newBuilder()
                .setId(new UUID(group, 1).toString())
                .setHost("host")
                .build();
    }

    private void move(Member root, ShardMap map) {
        List<Move> copying = map.getMovesList().stream()
                .filter(move -> move.getState() == MoveState.COPYING)
                .toList();
        if (!copying.isEmpty() && random.nextInt(4) == 0) {
            abort(root, copying.get(random.nextInt(copying.size())));
        } else {
            int shard = random.nextInt(scenario.shards());
            int from = map.getOwner(shard);
            change(
                    root,
                    MapChange.newBuilder()
                            .setStartMove(MapChange.StartMove.newBuilder()
                                    .setShard(shard)
                                    .setFromGroup(from)
                                    .setToGroup(1 + from % scenario.groups())));
        }
    }

    private static void abort(Member root, Move move) {
        change(
                root,
                MapChange.newBuilder()
                        .setDecideMove(MapChange.DecideMove.newBuilder()
                                .setMoveId(move.getId())
                                .setDecision(MoveState.ABORTED)));
    }

    private static void change(Member root, MapChange.Builder change) {
        root.propose(Command.newBuilder().setMapChange(change).build(), reply -> {});
    }

    private void look(SimulatedGroup group) {
        Member leader = group.likelyLeader();
        Member copy = cluster.root().anyMember();
        if (leader.leadsSettled() && copy.isUp() && network.connects(copy.id(), leader.id())) {
            copy.map().getMovesList().forEach(move -> step(leader, move));
        }
    }

    private void step(Member leader, Move move) {
        switch (MoveLogic.next(leader.group(), leader.shard(move.getShard()), move)) {
            case MoveAction.Await() -> {}
            case MoveAction.Propose(Command command) -> propose(leader, command);
            case MoveAction.AskRoot(MapChange change) -> {
                Member root = cluster.root().likelyLeader();
                network.send(leader.id(), root.id(), () -> change(root, change.toBuilder()));
            }
            case MoveAction.Import() -> pull(leader, move);
        }
    }

    /** The next chunk only: where the import stands is in the group's own record. Wants the freeze once it has all rows, however long the tail. */
    private void pull(Member target, Move move) {
        ShardRecord own = target.shard(move.getShard());
        ExportChunk.Builder wanted = ShardCopy.wanted(move, own, CHUNK_BYTES).setFreeze(own.getRowsDone());
        Member source = cluster.group(move.getFromGroup()).likelyLeader();
        network.send(
                target.id(),
                source.id(),
                () -> export(
                        source,
                        move,
                        wanted,
                        chunk -> network.send(
                                source.id(),
                                target.id(),
                                () -> imported(target, move, own.getNextChunk(), wanted, chunk))));
    }

    /** Root is asked before anything begins, so that it never does for a move that was decided already. */
    private void export(Member source, Move move, ExportChunk.Builder wanted, Consumer<ExportedChunk> reply) {
        if (!source.isUp() || !source.leadsSettled()) {
            return;
        }
        Member root = cluster.root().likelyLeader();
        network.send(
                source.id(),
                root.id(),
                () -> root.readMap(map -> network.send(root.id(), source.id(), () -> {
                    if (source.isUp()) {
                        answer(source, move, isCopying(map, move), wanted, reply);
                    }
                })));
    }

    private static boolean isCopying(ShardMap map, Move move) {
        return map.getMovesList().stream()
                .anyMatch(each -> each.getId() == move.getId() && each.getState() == MoveState.COPYING);
    }

    private void answer(
            Member source, Move move, boolean copying, ExportChunk.Builder wanted, Consumer<ExportedChunk> reply) {
        ShardRecord own = source.shard(move.getShard());
        switch (MoveLogic.export(own, move.getId(), wanted.getFreeze(), () -> copying)) {
            case SERVE -> source.export(wanted.build()).ifPresent(reply);
            case BEGIN -> {
                goesOn(move, copying);
                propose(
                        source,
                        Command.newBuilder()
                                .setBeginExport(BeginExport.newBuilder()
                                        .setShard(move.getShard())
                                        .setMoveId(move.getId()))
                                .build());
            }
            case FREEZE -> {
                goesOn(move, copying);
                propose(
                        source,
                        Command.newBuilder()
                                .setFreeze(FreezeShard.newBuilder()
                                        .setShard(move.getShard())
                                        .setMoveId(move.getId()))
                                .build());
            }
            case REFUSE -> {}
        }
    }

    private void imported(Member target, Move move, long number, ExportChunk.Builder wanted, ExportedChunk chunk) {
        long chunks = number;
        if (ShardCopy.isNews(wanted, chunk)) {
            Command next = Command.newBuilder()
                    .setImportChunk(ShardCopy.importChunk(wanted, chunks++, chunk))
                    .build();
            propose(target, next);
        }
        if (ShardCopy.isAll(chunk) && chunk.getFrozen()) {
            Command complete = Command.newBuilder()
                    .setCompleteImport(ShardCopy.complete(move, chunks, chunk))
                    .build();
            propose(target, complete);
        }
    }

    /** Rule 5 of a move. What follows is a good moment to give the move up: what was asked for is on its way. */
    private void goesOn(Move move, boolean copying) {
        if (!copying) {
            throw new Violation(
                    "root is asked first", move + " goes on at its source, though root did not say that it may");
        }
        if (!quiet && random.nextInt(8) == 0) {
            timeline.after(
                    random.nextInt(DANGER_MILLIS), () -> abort(cluster.root().likelyLeader(), move));
        }
    }

    /** Between looking and acting a node may stand still, and it may act twice. */
    private void propose(Member leader, Command command) {
        boolean late = !quiet && scenario.has(Fault.LATE_COMMAND) && random.nextInt(6) == 0;
        if (!late || random.nextBoolean()) {
            leader.propose(command, reply -> {});
        }
        if (late) {
            int bound = LATENESS_MILLIS[random.nextInt(LATENESS_MILLIS.length)];
            timeline.after(1 + random.nextInt(bound), () -> leader.propose(command, reply -> {}));
        }
    }
}
