package dev.quorate.cli.view;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A cluster at one moment. Fields are only ever added.
 *
 * @param cluster its name
 * @param clusterId its identity
 * @param wantedGroups how many groups were asked for
 * @param settled everything is as asked: all groups serve, no shard moves or has to
 * @param epoch of the shard map; 0 when it could not be read or is not created yet
 * @param shardCount how many shards the keys are cut into
 * @param groups by id
 * @param shards the owning group by shard; empty when the map could not be read
 * @param moves those that are not finished
 * @param findings what stands between the cluster and what was asked for, in words
 * @param loads what shards have to do, by shard; those of which nobody asks anything are left out
 */
public record ClusterView(
        String cluster,
        String clusterId,
        int wantedGroups,
        boolean settled,
        long epoch,
        int shardCount,
        List<GroupView> groups,
        List<Integer> shards,
        List<MoveView> moves,
        List<String> findings,
        List<ShardLoadView> loads) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * @param id its number
     * @param state of its life: JOINING, ACTIVE, DRAINING, DRAINED; UNKNOWN when the map could not be read
     * @param leader its leader's name, or null when none is known
     * @param shards how many it owns
     * @param members its nodes
     */
    public record GroupView(int id, String state, String leader, int shards, List<MemberView> members) {}

    /**
     * @param cluster the cluster's name
     * @param group its group's number
     * @param id the member's UUID, empty when the node does not answer
     * @param name the node's name
     * @param host announced
     * @param role LEADER, FOLLOWER, CANDIDATE, PRE_CANDIDATE; DOWN when the node does not answer, EMPTY before its bootstrap
     * @param ready bootstrapped and caught up
     * @param redis address of its Redis port
     * @param grpc address of its data API
     * @param admin address of its admin API
     * @param applied index of its log up to which it has applied
     * @param trouble what is wrong with it, empty when nothing is
     * @param pid its process on this machine; 0 while it does not run
     * @param directory its folder on this machine
     */
    public record MemberView(
            String cluster,
            int group,
            String id,
            String name,
            String host,
            String role,
            boolean ready,
            String redis,
            String grpc,
            String admin,
            long applied,
            String trouble,
            long pid,
            String directory) {}

    /** A shard on its way. */
    public record MoveView(long id, int shard, int from, int to, String state) {}

    /**
     * What a shard has had to do of late, averages that fade by half every minute.
     *
     * @param group its owner
     * @param operationsPerSecond that the group's members served
     * @param bytesPerSecond of their keys and of the values that they wrote
     */
    public record ShardLoadView(int shard, int group, double operationsPerSecond, double bytesPerSecond) {}

    /** Addresses of all members that answer, by one of their ports. */
    public List<String> addresses(Function<MemberView, String> port) {
        return groups.stream()
                .flatMap(group -> group.members().stream())
                .map(port)
                .filter(address -> !address.isEmpty())
                .toList();
    }

    /** The member of this name, if there is one. */
    public Optional<MemberView> member(String name) {
        return groups.stream()
                .flatMap(group -> group.members().stream())
                .filter(member -> member.name().equals(name))
                .findFirst();
    }

    /** The same, before the first pass that knows of another number of groups being asked for. */
    public ClusterView asked(int groupsAsked) {
        return new ClusterView(
                cluster,
                clusterId,
                groupsAsked,
                false,
                epoch,
                shardCount,
                groups,
                shards,
                moves,
                List.of(groupsAsked + (groupsAsked == 1 ? " group was" : " groups were") + " asked for"),
                loads);
    }

    @JsonIgnore
    public String headline() {
        String groupsWord = wantedGroups == 1 ? " group" : " groups";
        return settled
                ? cluster + ": " + wantedGroups + groupsWord + ", balanced, epoch " + epoch
                : cluster + ": " + (findings.isEmpty() ? "working" : findings.getFirst());
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws IllegalArgumentException when it is not such a document */
    public static ClusterView fromJson(String json) {
        try {
            return JSON.readValue(json, ClusterView.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a cluster's status: " + e.getOriginalMessage(), e);
        }
    }
}
