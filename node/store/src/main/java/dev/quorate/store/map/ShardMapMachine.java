package dev.quorate.store.map;

import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChange.CreateMap;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.ShardMap;
import java.util.Collections;

/** The shard map as a pure function of its changes; the package's manual tells the rules. */
public final class ShardMapMachine {
    public static final int ROOT_GROUP = 1;
    private static final int SHARDS_MAX = 16384;
    private static final int CLUSTER_ID_LENGTH_MAX = 253;

    private ShardMapMachine() {}

    /**
     * The same map and change give the same result on every member.
     *
     * @param map as it is; the default instance before it is created
     */
    public static MapChangeResult apply(ShardMap map, MapChange change) {
        try {
            ShardMap next = next(map, change);
            return MapChangeResult.newBuilder().setAccepted(true).setMap(next).build();
        } catch (Refusal refusal) {
            return MapChangeResult.newBuilder()
                    .setRefusal(refusal.getMessage())
                    .setMap(map)
                    .build();
        }
    }

    /** Returns the very same map when nothing is to be done. */
    private static ShardMap next(ShardMap map, MapChange change) throws Refusal {
        Refusal.unless(
                change.getExpectedEpoch() == 0 || change.getExpectedEpoch() == map.getEpoch(),
                "The map is at epoch " + map.getEpoch() + ", not at " + change.getExpectedEpoch() + ": read it again.");
        if (change.getChangeCase() != MapChange.ChangeCase.CREATE
                && change.getChangeCase() != MapChange.ChangeCase.RESTORE) {
            Refusal.unless(
                    map.getEpoch() > 0,
                    "This group has no shard map: send the change to the root group, once the map is created.");
        }
        return switch (change.getChangeCase()) {
            case CREATE -> create(map, change.getCreate());
            case RESTORE -> Restoration.restore(map, change.getRestore().getMap());
            case ADD_GROUP -> Groups.add(map, change.getAddGroup());
            case SET_MEMBERS -> Groups.setMembers(map, change.getSetMembers());
            case SET_STATE -> Groups.setState(map, change.getSetState());
            case REMOVE_GROUP -> Groups.remove(map, change.getRemoveGroup());
            case START_MOVE -> Moves.start(map, change.getStartMove());
            case DECIDE_MOVE -> Moves.decide(map, change.getDecideMove());
            case FINISH_MOVE -> Moves.finish(map, change.getFinishMove());
            case CHANGE_NOT_SET -> throw new Refusal("The request names no change that this version knows.");
        };
    }

    private static ShardMap create(ShardMap map, CreateMap create) throws Refusal {
        int shards = create.getShardCount();
        checkShardCount(shards);
        String clusterId = create.getClusterId();
        Refusal.unless(
                !clusterId.isEmpty() && clusterId.length() <= CLUSTER_ID_LENGTH_MAX,
                "The cluster's id must have 1 to " + CLUSTER_ID_LENGTH_MAX + " characters.");
        Refusal.unless(
                create.getRoot().getId() == ROOT_GROUP,
                "The root group must have the id " + ROOT_GROUP + ", not "
                        + create.getRoot().getId() + ".");
        Groups.checkMembers(map, ROOT_GROUP, create.getRoot().getMembersList());
        if (map.getEpoch() > 0) {
            boolean same = map.getClusterId().equals(clusterId)
                    && map.getShardCount() == shards
                    && Groups.sameMembers(
                            Groups.find(map, ROOT_GROUP).getMembersList(),
                            create.getRoot().getMembersList());
            Refusal.unless(
                    same,
                    "The map of cluster " + map.getClusterId() + " with " + map.getShardCount()
                            + " shards exists already: it can't be created again as another.");
            return map;
        }
        return ShardMap.newBuilder()
                .setClusterId(clusterId)
                .setEpoch(1)
                .setShardCount(shards)
                .addAllOwner(Collections.nCopies(shards, ROOT_GROUP))
                .addGroups(create.getRoot().toBuilder().setState(GroupState.ACTIVE))
                .setNextGroupId(ROOT_GROUP + 1)
                .build();
    }

    static void checkShardCount(int shards) throws Refusal {
        Refusal.unless(
                shards >= 1 && shards <= SHARDS_MAX && Integer.bitCount(shards) == 1,
                "The number of shards is " + shards + ", but must be a power of two from 1 to " + SHARDS_MAX + ".");
    }

    /** The map to change, at its next epoch. */
    static ShardMap.Builder nextEpoch(ShardMap map) {
        return map.toBuilder().setEpoch(map.getEpoch() + 1);
    }
}
