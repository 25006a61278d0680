package dev.quorate.sim.invariant;

import dev.quorate.api.ShardMap;
import dev.quorate.raft.Entry;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.ShardView;
import dev.quorate.store.proto.ShardRecord.State;
import java.util.HashMap;
import java.util.Map;

/** At most one group owns a shard at any time, as its own log says that has come furthest. */
public final class OneHomePerShard implements Observer {
    private static final int NOBODY = 0;

    private final Map<Integer, Integer> homes = new HashMap<>();
    private final Map<Integer, Long> furthest = new HashMap<>();

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        if (entry.index() <= furthest.getOrDefault(member.group(), 0L)) {
            return;
        }
        furthest.put(member.group(), entry.index());
        switch (result) {
            case ApplyResult.Shard(ShardView shard, boolean changed) -> {
                if (changed) {
                    note(member, shard.shard(), shard.record().getState() == State.OWNED);
                }
            }
            case ApplyResult.Map(var change) -> {
                if (homes.isEmpty() && change.getAccepted()) {
                    found(member, change.getMap());
                }
            }
            default -> {}
        }
    }

    /** The first change makes the root group own every shard. */
    private void found(Member member, ShardMap map) {
        for (int shard = 0; shard < map.getShardCount(); shard++) {
            note(member, shard, true);
        }
    }

    private void note(Member member, int shard, boolean owned) {
        int home = homes.getOrDefault(shard, NOBODY);
        if (owned && home != NOBODY && home != member.group()) {
            throw new Violation("one home per shard", member + " owns shard " + shard + ", and so does group " + home);
        }
        if (owned) {
            homes.put(shard, member.group());
        } else if (home == member.group()) {
            homes.put(shard, NOBODY);
        }
    }
}
