package dev.quorate.control;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.Member;
import dev.quorate.api.Move;
import dev.quorate.api.ShardMap;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Which groups shall be, and the next step of each one's life: joining, active, draining, drained, removed.
 *
 * <p>Too many groups: the highest ids leave, never the root. Too few: groups on their way out come back first, those with most shards left
 * before the others, because that moves least; only then are new ones added. Leaving can be turned back until root has removed the group.
 */
record Lives(ShardMap map, Set<Integer> wanted, int toAdd) {
    static Lives of(ClusterSpec spec, ShardMap map) {
        List<Integer> staying = map.getGroupsList().stream()
                .filter(group -> !leaving(group))
                .map(Group::getId)
                .sorted()
                .limit(spec.groups())
                .toList();
        int missing = spec.groups() - staying.size();
        List<Integer> returning = map.getGroupsList().stream()
                .filter(Lives::leaving)
                .sorted(Comparator.comparingLong((Group group) -> -shards(map, group.getId()))
                        .thenComparing(Group::getId))
                .limit(missing)
                .map(Group::getId)
                .toList();
        Set<Integer> wanted = new TreeSet<>(staying);
        wanted.addAll(returning);
        return new Lives(map, wanted, missing - returning.size());
    }

    void plan(SortedMap<Integer, GroupHealth> health, Formation formation, Observation observation, Draft draft) {
        Set<Integer> known = new HashSet<>();
        List<Member> rootMembers = map.getGroupsList().getFirst().getMembersList();
        for (Group group : map.getGroupsList()) {
            known.add(group.getId());
            boolean needed = wanted.contains(group.getId()) || !empty(group.getId());
            if (needed && group.getId() != Planner.ROOT) {
                formation.form(group.getId(), group.getMembersList(), rootMembers);
            }
            if (wanted.contains(group.getId())) {
                join(group, health.get(group.getId()), draft);
            } else {
                leave(group, draft);
            }
        }
        for (int i = 0; i < toAdd; i++) {
            int added = map.getNextGroupId() + i;
            draft.fenced(epoch -> MapChanges.addGroup(epoch, added));
        }
        observation.groups().keySet().stream().filter(id -> !known.contains(id)).forEach(id -> {
            if (id < map.getNextGroupId()) {
                draft.step(new Step.DeleteGroup(id));
            } else {
                draft.finding(new Finding.StrayGroup(id));
            }
        });
    }

    /** A group that comes back with its members goes on as it is; a new one becomes active once it serves. */
    private static void join(Group group, GroupHealth health, Draft draft) {
        if (group.getState() == GroupState.ACTIVE) {
            return;
        }
        draft.finding(new Finding.Joining(group.getId()));
        boolean returns = leaving(group) && group.getMembersCount() > 0;
        boolean serves = group.getMembersCount() > 0 && health != null && health.healthy();
        if (returns || serves) {
            draft.fenced(epoch -> MapChanges.setState(epoch, group.getId(), GroupState.ACTIVE));
        }
    }

    private void leave(Group group, Draft draft) {
        int id = group.getId();
        draft.finding(new Finding.Leaving(id, (int) shards(map, id)));
        switch (group.getState()) {
            case DRAINED -> draft.fenced(epoch -> MapChanges.removeGroup(epoch, id));
            case DRAINING -> {
                if (empty(id)) {
                    draft.fenced(epoch -> MapChanges.setState(epoch, id, GroupState.DRAINED));
                }
            }
            default -> draft.fenced(epoch -> MapChanges.setState(epoch, id, GroupState.DRAINING));
        }
    }

    private static boolean leaving(Group group) {
        return group.getState() == GroupState.DRAINING || group.getState() == GroupState.DRAINED;
    }

    private static long shards(ShardMap map, int group) {
        return map.getOwnerList().stream().filter(owner -> owner == group).count();
    }

    /** No shards, and no move that could bring or still needs one. */
    private boolean empty(int group) {
        return shards(map, group) == 0
                && map.getMovesList().stream()
                        .noneMatch((Move move) -> move.getFromGroup() == group || move.getToGroup() == group);
    }
}
