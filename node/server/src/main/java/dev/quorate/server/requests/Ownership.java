package dev.quorate.server.requests;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.api.ShardMap;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ShardRecord.State;
import java.util.function.IntFunction;

/** Who answers for a shard, as one member can tell from its group's own state and its copy of the map: pure. */
public final class Ownership {
    private Ownership() {}

    /** What to do with a request. */
    public sealed interface Verdict {
        /** This member leads the group that owns the shard. */
        record Serve() implements Verdict {}

        /** Somebody else answers, or nobody can. */
        record Refuse(RequestException error) implements Verdict {}

        /** Nobody knows yet, or nobody may answer just now: something will change. */
        record Hold() implements Verdict {}
    }

    /**
     * @param leads whether this member leads its group
     * @param leader the group's leader, or null when unknown
     * @param record the group's own record of the shard, as applied here
     * @param map this node's copy, which may be old
     * @param contact a group's leader or one of its members, or null when none is known
     */
    public static Verdict judge(
            int shard,
            int groupId,
            boolean leads,
            Member leader,
            ShardRecord record,
            ShardMap map,
            IntFunction<Member> contact) {
        if (map.getEpoch() == 0) {
            boolean leaderMayKnowMore = !leads && leader != null;
            return new Verdict.Refuse(
                    leaderMayKnowMore
                            ? RequestException.notLeader(leader)
                            : RequestException.of(
                                    Error.Code.NOT_READY,
                                    Effect.NOT_APPLIED,
                                    "there is no shard map yet: create it, or wait"));
        }
        if (shard < 0 || shard >= map.getShardCount()) {
            return new Verdict.Refuse(RequestException.of(
                    Error.Code.INVALID, Effect.NOT_APPLIED, "shards are 0 to " + (map.getShardCount() - 1)));
        }
        return switch (record.getState()) {
            case OWNED, EXPORTING -> byRole(leads, leader, new Verdict.Serve());
            case FROZEN, IMPORTING -> byRole(leads, leader, new Verdict.Hold());
            case RELEASED -> released(shard, groupId, leads, leader, record, map, contact);
            case NONE, UNRECOGNIZED -> absent(shard, groupId, leads, leader, record, map, contact);
        };
    }

    private static Verdict byRole(boolean leads, Member leader, Verdict ofLeader) {
        if (leads) {
            return ofLeader;
        }
        return leader == null ? new Verdict.Hold() : new Verdict.Refuse(RequestException.notLeader(leader));
    }

    /** The record itself knows the new owner; the map may know a later one. */
    private static Verdict released(
            int shard,
            int groupId,
            boolean leads,
            Member leader,
            ShardRecord record,
            ShardMap map,
            IntFunction<Member> contact) {
        if (map.getEpoch() > record.getEpoch()) {
            return absent(shard, groupId, leads, leader, record, map, contact);
        }
        return redirect(shard, record.getPeerGroup(), record.getEpoch(), contact);
    }

    /** Only a map that is newer than what made the shard leave may send a caller on; else two old copies could send it in circles. */
    private static Verdict absent(
            int shard,
            int groupId,
            boolean leads,
            Member leader,
            ShardRecord record,
            ShardMap map,
            IntFunction<Member> contact) {
        boolean newer =
                map.getEpoch() > Math.max(record.getEpoch(), record.getState() == State.NONE ? record.getMoveId() : 0);
        int owner = map.getOwner(shard);
        if (newer && owner != groupId) {
            return redirect(shard, owner, map.getEpoch(), contact);
        }
        return byRole(leads, leader, new Verdict.Hold());
    }

    private static Verdict redirect(int shard, int owner, long epoch, IntFunction<Member> contact) {
        Member member = contact.apply(owner);
        return member == null
                ? new Verdict.Hold()
                : new Verdict.Refuse(RequestException.wrongGroup(shard, owner, epoch, member));
    }
}
