package dev.quorate.control;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.ShardMap;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Evens out the shards among the groups that serve, with the fewest moves.
 *
 * <p>Each serving group's share is the rounded-down mean, and those that have most already get the remainder: so counts that are within one
 * of each other are their own target, and nothing moves. A group that leaves has a share of nothing. A group that does not serve at the moment
 * keeps what it has and gets nothing; the others even out among themselves.
 */
final class Balance {
    private final ClusterSpec spec;
    private final ShardMap map;
    private final Set<Integer> wanted;
    private final Set<Integer> receivers;
    private final Set<Integer> givers;
    private final Set<Integer> withoutQuorum;

    private Balance(
            ClusterSpec spec,
            ShardMap map,
            Set<Integer> wanted,
            Set<Integer> receivers,
            Set<Integer> givers,
            Set<Integer> withoutQuorum) {
        this.spec = spec;
        this.map = map;
        this.wanted = wanted;
        this.receivers = receivers;
        this.givers = givers;
        this.withoutQuorum = withoutQuorum;
    }

    static Balance of(ClusterSpec spec, ShardMap map, Lives lives, SortedMap<Integer, GroupHealth> health) {
        Set<Integer> givers = new HashSet<>();
        Set<Integer> receivers = new HashSet<>();
        Set<Integer> withoutQuorum = new HashSet<>();
        for (Group group : map.getGroupsList()) {
            GroupHealth known = health.get(group.getId());
            boolean healthy = known != null && known.healthy();
            if (healthy) {
                givers.add(group.getId());
            }
            if (healthy
                    && group.getState() == GroupState.ACTIVE
                    && lives.wanted().contains(group.getId())) {
                receivers.add(group.getId());
            }
            if (known == null || !known.hasQuorum()) {
                withoutQuorum.add(group.getId());
            }
        }
        return new Balance(spec, map, lives.wanted(), receivers, givers, withoutQuorum);
    }

    void plan(Draft draft) {
        Set<Long> aborted = abort(draft);
        Map<Integer, Deque<Integer>> surplus = new TreeMap<>();
        Map<Integer, Integer> deficit = new TreeMap<>();
        shares(aborted, surplus, deficit);
        int toMove = surplus.values().stream().mapToInt(Deque::size).sum();
        int started = draft.changesGroups() ? 0 : start(surplus, deficit, draft);
        int moving = map.getMovesCount() + started;
        if (moving > 0 || toMove > 0) {
            draft.finding(new Finding.Unbalanced(moving, toMove - started));
        }
    }

    /** Moves to a group that leaves, or that lost its quorum, are called off while the source still has the shard: it serves on. */
    private Set<Long> abort(Draft draft) {
        return map.getMovesList().stream()
                .filter(move -> move.getState() == MoveState.COPYING)
                .filter(move -> !wanted.contains(move.getToGroup()) || withoutQuorum.contains(move.getToGroup()))
                .map(Move::getId)
                .peek(id -> draft.step(new Step.ChangeMap(MapChanges.abortMove(id))))
                .collect(Collectors.toSet());
    }

    /** Compares where the shards will be once the moves under way are done with each group's share. */
    private void shares(Set<Long> aborted, Map<Integer, Deque<Integer>> surplus, Map<Integer, Integer> deficit) {
        Set<Integer> fixed = new HashSet<>();
        Map<Integer, Integer> home = new HashMap<>();
        for (int shard = 0; shard < map.getOwnerCount(); shard++) {
            home.put(shard, map.getOwner(shard));
        }
        for (Move move : map.getMovesList()) {
            fixed.add(move.getShard());
            if (move.getState() == MoveState.COPYING && !aborted.contains(move.getId())) {
                home.put(move.getShard(), move.getToGroup());
            }
        }
        Map<Integer, Integer> shares = shareOut(home);
        Map<Integer, Integer> count = new HashMap<>();
        home.forEach((shard, group) -> count.merge(group, 1, Integer::sum));
        shares.forEach((group, share) -> {
            int excess = count.getOrDefault(group, 0) - share;
            if (excess < 0) {
                deficit.put(group, -excess);
            } else if (excess > 0) {
                surplus.put(
                        group,
                        home.entrySet().stream()
                                .filter(entry -> entry.getValue().equals(group) && !fixed.contains(entry.getKey()))
                                .map(Map.Entry::getKey)
                                .sorted()
                                .limit(excess)
                                .collect(Collectors.toCollection(ArrayDeque::new)));
            }
        });
    }

    private Map<Integer, Integer> shareOut(Map<Integer, Integer> home) {
        Map<Integer, Integer> count = new HashMap<>();
        home.values().forEach(group -> count.merge(group, 1, Integer::sum));
        Map<Integer, Integer> shares = new TreeMap<>();
        if (receivers.isEmpty()) {
            return shares;
        }
        int total = 0;
        for (Map.Entry<Integer, Integer> entry : count.entrySet()) {
            boolean leaves = !wanted.contains(entry.getKey()) && givers.contains(entry.getKey());
            if (leaves) {
                shares.put(entry.getKey(), 0);
            }
            if (leaves || receivers.contains(entry.getKey())) {
                total += entry.getValue();
            }
        }
        List<Integer> fullestFirst = receivers.stream()
                .sorted(Comparator.comparing((Integer group) -> -count.getOrDefault(group, 0))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        for (int i = 0; i < fullestFirst.size(); i++) {
            shares.put(fullestFirst.get(i), total / receivers.size() + (i < total % receivers.size() ? 1 : 0));
        }
        return shares;
    }

    /** Starts what the limits allow, taking from and giving to the groups in turn. */
    private int start(Map<Integer, Deque<Integer>> surplus, Map<Integer, Integer> deficit, Draft draft) {
        Map<Integer, Integer> load = new HashMap<>();
        map.getMovesList().stream().filter(Balance::underWay).forEach(move -> {
            load.merge(move.getFromGroup(), 1, Integer::sum);
            load.merge(move.getToGroup(), 1, Integer::sum);
        });
        int free = spec.maxMoves()
                - (int) map.getMovesList().stream().filter(Balance::underWay).count();
        int started = 0;
        for (boolean progress = true; progress && started < free; ) {
            progress = false;
            for (Map.Entry<Integer, Deque<Integer>> from : surplus.entrySet()) {
                Integer to = deficit.entrySet().stream()
                        .filter(entry -> entry.getValue() > 0 && room(load, entry.getKey()))
                        .max(Map.Entry.<Integer, Integer>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                        .map(Map.Entry::getKey)
                        .orElse(null);
                if (to == null || started == free || from.getValue().isEmpty() || !room(load, from.getKey())) {
                    continue;
                }
                draft.step(
                        new Step.ChangeMap(MapChanges.startMove(from.getValue().poll(), from.getKey(), to)));
                deficit.merge(to, -1, Integer::sum);
                load.merge(from.getKey(), 1, Integer::sum);
                load.merge(to, 1, Integer::sum);
                started++;
                progress = true;
            }
        }
        return started;
    }

    private boolean room(Map<Integer, Integer> load, int group) {
        return load.getOrDefault(group, 0) < spec.maxMovesPerGroup();
    }

    /** Still copying or being adopted: costs its source and target something. */
    private static boolean underWay(Move move) {
        return move.getState() == MoveState.COPYING || move.getState() == MoveState.SWITCHED && !move.getTargetDone();
    }
}
