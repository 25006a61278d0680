package dev.quorate.server;

import static dev.quorate.server.BootstrapRules.check;

import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.ChangeMembersResponse;
import dev.quorate.api.CompareReplicasResponse;
import dev.quorate.api.GetMapResponse;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Member;
import dev.quorate.api.MoveState;
import dev.quorate.api.SettleShardsRequest;
import dev.quorate.api.SettleShardsResponse;
import dev.quorate.api.TransferLeadershipResponse;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.map.MapCopy;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.proto.BeginGeneration;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.SettleShard;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What an administrator asks of this node's group: its members, its leader, its replicas, its shards, and, of the root group, the map. Most of it only the
 * leader can do; the others name it. Nothing is there to ask before the group is bootstrapped.
 */
public final class GroupAdmin {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final MapCopy map;
    private final Supplier<Replica> replica;

    /** @param replica null before the group is bootstrapped */
    GroupAdmin(MapCopy map, Supplier<Replica> replica) {
        this.map = map;
        this.replica = replica;
    }

    /** The map and who leads the groups: this node's copy, or linearizably, which only the root group's leader can tell. */
    public GetMapResponse map(boolean linearizable) {
        if (linearizable) {
            map.offer(onRoot(current -> current.root().readMap(TIMEOUT)));
        }
        return GetMapResponse.newBuilder()
                .setMap(map.map())
                .addAllLeaders(map.leaders())
                .build();
    }

    /**
     * Changes the map, on the root group's leader. That a move is switched or finished only the groups themselves may say: they know that the data is
     * there.
     */
    public MapChangeResult changeMap(MapChange change) {
        boolean ofGroups = change.hasFinishMove()
                || change.hasDecideMove() && change.getDecideMove().getDecision() != MoveState.ABORTED;
        check(!ofGroups, "moves are switched and finished by their groups; they can only be aborted from outside");
        return onRoot(current -> current.root().change(change, TIMEOUT));
    }

    /** Adds, promotes or removes a member of this group, on its leader. */
    public ChangeMembersResponse changeMembers(ChangeMembersRequest request) {
        return onGroup(current -> current.changeMembers(request, TIMEOUT));
    }

    /** Compares the replicas of a shard now, on the leader. */
    public CompareReplicasResponse compareReplicas(int shard) {
        return onGroup(current -> current.scrubber().compare(shard, TIMEOUT));
    }

    /** Hands leadership to a member, or, for the empty text, to the follower that has most of the log. Answers who leads then. */
    public TransferLeadershipResponse transferLeadership(String targetId) {
        Member leader = Handover.toMember(requireReplica(), targetId, TIMEOUT);
        return TransferLeadershipResponse.newBuilder()
                .setLeaderId(leader.getId())
                .build();
    }

    /** From now on moves of ids up to this are void in this group; on the leader. */
    public void beginGeneration(long generation) {
        propose(Command.newBuilder()
                .setBeginGeneration(BeginGeneration.newBuilder().setGeneration(generation)));
    }

    /** Says what becomes of shards that were on the move when the map was lost; on the leader. */
    public SettleShardsResponse settleShards(SettleShardsRequest request) {
        int changed = 0;
        for (SettleShardsRequest.Settlement settlement : request.getSettlementsList()) {
            ApplyResult result = propose(Command.newBuilder()
                    .setSettle(SettleShard.newBuilder()
                            .setShard(settlement.getShard())
                            .setGeneration(request.getGeneration())
                            .setNewOwner(settlement.getNewOwner())));
            changed += result instanceof ApplyResult.Shard(var _, boolean moved) && moved ? 1 : 0;
        }
        return SettleShardsResponse.newBuilder().setChanged(changed).build();
    }

    private ApplyResult propose(Command.Builder command) {
        return onGroup(current -> current.commands().execute(command.build(), TIMEOUT));
    }

    private <T> T onRoot(Function<Replica, T> action) {
        if (!requireReplica().isRoot()) {
            throw RequestException.notLeader(map.contact(MapCopy.ROOT_GROUP));
        }
        return onGroup(action);
    }

    /** A refusal names the leader, as far as this node knows it. */
    private <T> T onGroup(Function<Replica, T> action) {
        Replica current = requireReplica();
        try {
            return action.apply(current);
        } catch (RequestException e) {
            throw PeerService.naming(current.leader(), e);
        }
    }

    private Replica requireReplica() {
        Replica current = replica.get();
        if (current == null) {
            throw NodeData.notReady();
        }
        return current;
    }
}
