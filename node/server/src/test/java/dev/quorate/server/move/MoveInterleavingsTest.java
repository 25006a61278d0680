package dev.quorate.server.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.server.move.MoveAction.AskRoot;
import dev.quorate.server.move.MoveAction.Await;
import dev.quorate.server.move.MoveAction.Import;
import dev.quorate.server.move.MoveAction.Propose;
import dev.quorate.store.proto.BeginExport;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.FreezeShard;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ShardRecord.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * All interleavings of one move: every order in which the two sides act, root decides, an operator aborts, each side sees root's record early or late, and
 * commands of an earlier leader arrive once more at any time. The world is small enough to visit every state of it.
 */
class MoveInterleavingsTest {
    private static final long MOVE = 10;
    private static final int SOURCE = 1;
    private static final int TARGET = 2;

    /**
     * @param root the move at root; null once both sides are done
     * @param sourceSees the source's copy of it, {@code targetSees} the target's
     */
    private record World(
            ShardRecord source, ShardRecord target, Move root, Move sourceSees, Move targetSees, Set<Command> late) {}

    private static World start() {
        Move move = Move.newBuilder()
                .setId(MOVE)
                .setFromGroup(SOURCE)
                .setToGroup(TARGET)
                .setState(MoveState.COPYING)
                .build();
        ShardRecord owned = ShardRecord.newBuilder().setState(State.OWNED).build();
        return new World(owned, ShardRecord.getDefaultInstance(), move, move, move, Set.of());
    }

    @Test
    void everyInterleavingKeepsExactlyOneHomeAndEnds() {
        Set<World> seen = new HashSet<>();
        Deque<World> open = new ArrayDeque<>(List.of(start()));
        int ends = 0;
        while (!open.isEmpty()) {
            World world = open.removeFirst();
            if (!seen.add(world)) {
                continue;
            }
            assertSafe(world);
            List<World> next = successors(world);
            if (next.stream().allMatch(world::equals)) {
                assertEnded(world);
                ends++;
            }
            open.addAll(next);
        }
        assertThat(seen.size()).isGreaterThan(50);
        assertThat(ends).isPositive();
    }

    private static void assertSafe(World world) {
        boolean sourceServes = world.source.getState() == State.OWNED || world.source.getState() == State.EXPORTING;
        boolean targetServes = world.target.getState() == State.OWNED;
        assertThat(sourceServes && targetServes).as("two homes: %s", world).isFalse();
        boolean sourceHolds = Set.of(State.OWNED, State.EXPORTING, State.FROZEN, State.RELEASED)
                .contains(world.source.getState());
        boolean targetHolds = targetServes || world.target.getImportComplete();
        assertThat(sourceHolds || targetHolds).as("no copy left: %s", world).isTrue();
    }

    /** Where nothing can happen any more the move is over, and the shard is where root said. */
    private static void assertEnded(World world) {
        assertThat(world.root).as("stuck: %s", world).isNull();
        boolean sourceOwns = world.source.getState() == State.OWNED;
        boolean targetOwns = world.target.getState() == State.OWNED;
        assertThat(sourceOwns ^ targetOwns).as("no home or two: %s", world).isTrue();
        State other = (sourceOwns ? world.target : world.source).getState();
        assertThat(other).as("left over: %s", world).isEqualTo(State.NONE);
    }

    private static List<World> successors(World world) {
        List<World> next = new ArrayList<>();
        if (world.sourceSees != null) {
            act(world, next, SOURCE, MoveLogic.next(SOURCE, world.source, world.sourceSees));
        }
        if (world.targetSees != null) {
            act(world, next, TARGET, MoveLogic.next(TARGET, world.target, world.targetSees));
        }
        next.add(new World(world.source, world.target, world.root, world.root, world.targetSees, world.late));
        next.add(new World(world.source, world.target, world.root, world.sourceSees, world.root, world.late));
        next.add(atRoot(world, decide(world.root, MoveState.ABORTED)));
        for (Command command : world.late) {
            next.add(apply(world, command));
        }
        return next;
    }

    private static void act(World world, List<World> next, int group, MoveAction action) {
        switch (action) {
            case Await() -> {}
            case Propose(Command command) -> next.add(apply(remember(world, command), command));
            case Import() -> importAll(world, next);
            case AskRoot(var change) ->
                next.add(atRoot(
                        world,
                        change.hasDecideMove()
                                ? decide(world.root, change.getDecideMove().getDecision())
                                : finish(world.root, change.getFinishMove().getTarget())));
        }
    }

    /** What was proposed once may be applied again later, as if an earlier leader had proposed it too. */
    private static World remember(World world, Command command) {
        Set<Command> late = new HashSet<>(world.late);
        late.add(command);
        return new World(world.source, world.target, world.root, world.sourceSees, world.targetSees, Set.copyOf(late));
    }

    /** The source begins its export, and freezes, when root confirms that the move is copying; a frozen shard can be taken over whole. */
    private static void importAll(World world, List<World> next) {
        boolean copying = world.root != null && world.root.getState() == MoveState.COPYING;
        switch (MoveLogic.export(world.source, MOVE, true, () -> copying)) {
            case BEGIN ->
                atSource(
                        world,
                        next,
                        Command.newBuilder()
                                .setBeginExport(BeginExport.newBuilder().setMoveId(MOVE))
                                .build());
            case FREEZE ->
                atSource(
                        world,
                        next,
                        Command.newBuilder()
                                .setFreeze(FreezeShard.newBuilder().setMoveId(MOVE))
                                .build());
            case SERVE -> {
                if (world.source.getState() == State.FROZEN) {
                    ShardRecord complete =
                            world.target.toBuilder().setImportComplete(true).build();
                    next.add(new World(
                            world.source, complete, world.root, world.sourceSees, world.targetSees, world.late));
                }
            }
            case REFUSE -> {}
        }
    }

    /** Confirmed by root, and applied now or later. */
    private static void atSource(World world, List<World> next, Command command) {
        World remembered = remember(world, command);
        next.add(remembered);
        next.add(apply(remembered, command));
    }

    private static World atRoot(World world, Move root) {
        return new World(world.source, world.target, root, world.sourceSees, world.targetSees, world.late);
    }

    private static Move decide(Move root, MoveState decision) {
        return root == null || root.getState() != MoveState.COPYING
                ? root
                : root.toBuilder().setState(decision).setDecidedEpoch(MOVE + 1).build();
    }

    private static Move finish(Move root, boolean target) {
        if (root == null || root.getState() == MoveState.COPYING || !target && !root.getTargetDone()) {
            return root;
        }
        return target ? root.toBuilder().setTargetDone(true).build() : null;
    }

    /** The state machine's rules, in small. */
    private static World apply(World world, Command command) {
        ShardRecord source = world.source;
        ShardRecord target = world.target;
        boolean exporting = source.getState() == State.EXPORTING;
        boolean frozen = source.getState() == State.FROZEN;
        boolean importing = target.getState() == State.IMPORTING;
        switch (command.getCommandCase()) {
            case BEGIN_EXPORT ->
                source = source.getState() == State.OWNED && source.getMoveId() < MOVE ? in(State.EXPORTING) : source;
            case FREEZE ->
                source = exporting || source.getState() == State.OWNED && source.getMoveId() < MOVE
                        ? in(State.FROZEN)
                        : source;
            case THAW -> source = exporting || frozen || source.getState() == State.OWNED ? in(State.OWNED) : source;
            case RELEASE -> source = frozen ? in(State.RELEASED) : source;
            case PURGE -> source = source.getState() == State.RELEASED ? in(State.NONE) : source;
            case BEGIN_IMPORT ->
                target = target.getState() == State.NONE && target.getMoveId() < MOVE ? in(State.IMPORTING) : target;
            case ADOPT -> target = importing && target.getImportComplete() ? in(State.OWNED) : target;
            case DISCARD_IMPORT -> target = importing || target.getState() == State.NONE ? in(State.NONE) : target;
            default -> throw new AssertionError("no such step in a move: " + command);
        }
        return new World(source, target, world.root, world.sourceSees, world.targetSees, world.late);
    }

    private static ShardRecord in(State state) {
        return ShardRecord.newBuilder().setState(state).setMoveId(MOVE).build();
    }
}
