package dev.quorate.cli.nemesis;

import com.google.protobuf.TextFormat;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.PeerFault;
import dev.quorate.api.ShardMap;
import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.process.Signal;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.QuorateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Brings faults upon a cluster. It keeps to what the cluster promises to survive: a second disk of a group is not lost before the first one is replaced.
 * Safe for many threads.
 */
final class Injector {
    private static final int PAUSE_MILLIS_MIN = 100;
    private static final int PAUSE_MILLIS_MAX = 3_000;

    private static final int STRUCK_AGAIN_ONE_IN = 8;
    private static final int PARTITION_MILLIS_MIN = 300;
    private static final int PARTITION_MILLIS_MAX = 5_000;
    private static final int SLOW_MILLIS_MIN = 10;
    private static final int SLOW_MILLIS_MAX = 600;
    private static final PeerFault NOTHING_SENT =
            PeerFault.newBuilder().setLoseSent(true).build();
    private static final PeerFault NOTHING_HEARD =
            PeerFault.newBuilder().setLoseReceived(true).build();
    private static final PeerFault CUT_OFF =
            PeerFault.newBuilder().setLoseSent(true).setLoseReceived(true).build();

    private final LocalCluster cluster;
    private final Members members;
    private final int groupsMax;
    private final int replicas;
    private final Consumer<String> log;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
    /** The member whose disk was lost last, by group, until the group is whole without it. */
    private final Map<Integer, String> lostDisks = new HashMap<>();

    /** @param log hears of each fault */
    Injector(LocalCluster cluster, Members members, int groupsMax, int replicas, Consumer<String> log) {
        this.cluster = cluster;
        this.members = members;
        this.groupsMax = groupsMax;
        this.replicas = replicas;
        this.log = log;
    }

    /** Does it, and undoes it where it is one that passes. Without a fitting victim nothing happens. */
    void inject(Schedule.Due due) {
        Random random = new Random(due.seed());
        Optional<String> happened;
        try {
            happened = switch (due.fault()) {
                case KILL -> somebody(random).map(victim -> signal(victim, Signal.KILL));
                case POWER_LOSS -> somebody(random).map(victim -> powerLoss(victim.group()));
                case PAUSE -> somebody(random).map(victim -> pause(victim, random));
                case RESTART -> somebody(random).map(this::restart);
                case WIPE -> somebody(random).flatMap(this::wipe);
                case PARTITION -> somebody(random).map(victim -> network(victim, random, CUT_OFF));
                case ONE_WAY ->
                    somebody(random)
                            .map(victim ->
                                    network(victim, random, random.nextBoolean() ? NOTHING_SENT : NOTHING_HEARD));
                case SLOW -> somebody(random).map(victim -> network(victim, random, slow(random)));
                case TRANSFER -> somebody(random).flatMap(this::transfer);
                case SCALE -> scale(random);
                case MOVE -> move(random);
                case ABORT -> abort(random);
            };
        } catch (UserError | QuorateException e) {
            happened = Optional.empty();
        }
        happened.ifPresentOrElse(
                what -> {
                    log.accept(due.fault() + " " + what);
                    synchronized (done) {
                        done.merge(due.fault(), 1, Integer::sum);
                    }
                },
                () -> log.accept(due.fault() + " was not possible"));
    }

    /** How many there were of each kind. */
    Map<String, Integer> done() {
        synchronized (done) {
            return done.entrySet().stream()
                    .collect(Collectors.toMap(entry -> entry.getKey().words(), Map.Entry::getValue));
        }
    }

    /** Mostly of a group that serves: on a slow machine faults would else leave no group the time to recover, and clients nothing to do. */
    private Optional<MemberView> somebody(Random random) {
        boolean evenThere = random.nextInt(STRUCK_AGAIN_ONE_IN) == 0;
        List<MemberView> running = members.all().stream()
                .filter(member -> member.pid() != 0 && (evenThere || members.serves(member.group())))
                .toList();
        if (running.isEmpty()) {
            return Optional.empty();
        }
        MemberView any = running.get(random.nextInt(running.size()));
        return random.nextBoolean()
                ? Optional.of(any)
                : running.stream()
                        .filter(member ->
                                member.group() == any.group() && member.role().equals("LEADER"))
                        .findFirst()
                        .or(() -> Optional.of(any));
    }

    private static String signal(MemberView victim, Signal signal) {
        signal.send(victim.pid());
        return victim.name() + " " + victim.role();
    }

    private String powerLoss(int group) {
        members.of(group).stream().filter(member -> member.pid() != 0).forEach(member -> {
            try {
                Signal.KILL.send(member.pid());
            } catch (UserError e) {
                log.accept(e.getMessage()); // it was gone already
            }
        });
        return "group " + group;
    }

    private static String pause(MemberView victim, Random random) {
        int millis = random.nextInt(PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX);
        Signal.STOP.send(victim.pid());
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Signal.CONT.send(victim.pid());
        }
        return victim.name() + " " + victim.role() + " for " + millis + " ms";
    }

    private static PeerFault slow(Random random) {
        return PeerFault.newBuilder()
                .setDelayMillis(random.nextInt(SLOW_MILLIS_MIN, SLOW_MILLIS_MAX))
                .build();
    }

    private String network(MemberView victim, Random random, PeerFault fault) {
        int millis = random.nextInt(PARTITION_MILLIS_MIN, PARTITION_MILLIS_MAX);
        members.admin(victim).setNetworkFaults(List.of(fault));
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            heal(victim);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return victim.name() + " " + victim.role() + " for " + millis + " ms ("
                + TextFormat.printer()
                        .emittingSingleLine(true)
                        .printToString(fault)
                        .strip() + ")";
    }

    /** A process that stands still is healed when it goes on; one that was started anew is whole. */
    private void heal(MemberView victim) throws InterruptedException {
        Await.until(
                "that the network of " + victim.name() + " is whole again",
                () -> {
                    try {
                        members.admin(victim).setNetworkFaults(List.of());
                        return true;
                    } catch (QuorateException e) {
                        return members.of(victim.group()).isEmpty();
                    }
                },
                () -> String.valueOf(members.describe(victim)));
    }

    private String restart(MemberView victim) {
        ProcessHandle.of(victim.pid()).ifPresent(ProcessHandle::destroy);
        return victim.name() + " " + victim.role();
    }

    /** The process is stopped first: nobody else makes a new disk before it is dead, and it can't write to the lost one's name. */
    private synchronized Optional<String> wipe(MemberView victim) {
        if (!mayLoseADisk(victim.group())) {
            return Optional.empty();
        }
        Optional<NodeDescription> said = members.describe(victim);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        String id = said.get().getMember().getId();
        Signal.STOP.send(victim.pid());
        try {
            Path data = Path.of(victim.directory()).resolve("data");
            Files.move(data, data.resolveSibling("lost-" + UUID.randomUUID()));
            lostDisks.put(victim.group(), id);
        } catch (IOException e) {
            log.accept("the disk of " + victim.name() + " stays: " + e.getMessage());
            return Optional.empty();
        } finally {
            Signal.KILL.send(victim.pid());
        }
        return Optional.of(victim.name() + " " + victim.role() + " " + id);
    }

    private boolean mayLoseADisk(int group) {
        String lost = lostDisks.get(group);
        boolean replaced = lost == null
                || members.leader(group)
                        .filter(said -> said.description().getMembersList().stream()
                                .noneMatch(member -> member.getId().equals(lost)))
                        .isPresent();
        return replaced && members.whole(group, replicas);
    }

    private Optional<String> transfer(MemberView any) {
        return members.leader(any.group()).map(said -> {
            String successor = members.admin(said.member()).transferLeadership("");
            return "from " + said.member().name() + " to " + successor;
        });
    }

    private Optional<String> scale(Random random) {
        int groups = Math.max(random.nextInt(1, groupsMax + 1), random.nextInt(1, groupsMax + 1)); // moves need two
        cluster.scale(groups);
        return Optional.of("to " + groups);
    }

    private Optional<String> move(Random random) {
        double shardAt = random.nextDouble();
        double targetAt = random.nextDouble();
        return members.map().flatMap(map -> {
            int shard = (int) (shardAt * map.getShardCount());
            int from = map.getOwner(shard);
            List<Integer> targets = targets(map, from);
            if (targets.isEmpty()) {
                return Optional.empty();
            }
            int to = targets.get((int) (targetAt * targets.size()));
            boolean started = members.change(MapChange.newBuilder()
                    .setStartMove(MapChange.StartMove.newBuilder()
                            .setShard(shard)
                            .setFromGroup(from)
                            .setToGroup(to)));
            return started ? Optional.of("shard " + shard + " from " + from + " to " + to) : Optional.empty();
        });
    }

    private static List<Integer> targets(ShardMap map, int from) {
        return map.getGroupsList().stream()
                .filter(group -> group.getId() != from && group.getState() == GroupState.ACTIVE)
                .map(group -> group.getId())
                .toList();
    }

    private Optional<String> abort(Random random) {
        double at = random.nextDouble();
        return members.map().flatMap(map -> {
            List<Move> copying = map.getMovesList().stream()
                    .filter(move -> move.getState() == MoveState.COPYING)
                    .toList();
            if (copying.isEmpty()) {
                return Optional.empty();
            }
            long id = copying.get((int) (at * copying.size())).getId();
            boolean aborted = members.change(MapChange.newBuilder()
                    .setDecideMove(
                            MapChange.DecideMove.newBuilder().setMoveId(id).setDecision(MoveState.ABORTED)));
            return aborted ? Optional.of("move " + id) : Optional.empty();
        });
    }
}
