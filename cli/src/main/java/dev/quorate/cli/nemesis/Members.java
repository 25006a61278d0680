package dev.quorate.cli.nemesis;

import dev.quorate.api.CompareReplicasResponse;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.PeerProgress;
import dev.quorate.api.ShardInfo;
import dev.quorate.api.ShardMap;
import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import dev.quorate.client.QuorateException;
import dev.quorate.client.RootClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The members of a cluster, as they say of themselves. Safe for many threads. */
final class Members implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int ROOT = 1;

    private final String token;
    private final Supplier<List<MemberView>> roster;
    private final RootClient root;
    private final Map<String, AdminClient> clients = new ConcurrentHashMap<>();

    private Members(String token, RootClient root, Supplier<List<MemberView>> roster) {
        this.token = token;
        this.root = root;
        this.roster = roster;
    }

    /** @param cluster that has its root group */
    static Members of(LocalCluster cluster) {
        Supplier<List<MemberView>> roster = () -> cluster.view().groups().stream()
                .flatMap(group -> group.members().stream())
                .toList();
        List<Endpoint> candidates = roster.get().stream()
                .filter(member -> member.group() == ROOT)
                .map(member -> Endpoint.parse(member.admin()))
                .toList();
        return new Members(cluster.token(), new RootClient(candidates, cluster.token(), TIMEOUT), roster);
    }

    /**
     * Those that the shard map names. It knows nothing of their processes.
     *
     * @param rootAdmins admin addresses of members of the root group
     */
    static Members of(List<String> rootAdmins, String token) {
        RootClient root =
                new RootClient(rootAdmins.stream().map(Endpoint::parse).toList(), token, TIMEOUT);
        return new Members(
                token,
                root,
                () -> map(root).stream()
                        .flatMap(map -> map.getGroupsList().stream())
                        .flatMap(group -> group.getMembersList().stream().map(member -> view(group.getId(), member)))
                        .toList());
    }

    private static MemberView view(int group, Member member) {
        String host = member.getHost();
        return new MemberView(
                "",
                group,
                member.getId(),
                member.getName(),
                host,
                "",
                false,
                host + ":" + member.getRedisPort(),
                host + ":" + member.getGrpcPort(),
                host + ":" + member.getAdminPort(),
                0,
                "",
                0,
                "");
    }

    List<MemberView> all() {
        return roster.get();
    }

    List<MemberView> of(int group) {
        return all().stream().filter(member -> member.group() == group).toList();
    }

    /** The group has a leader and a majority that is ready, as the control loop saw it last. */
    boolean serves(int group) {
        List<MemberView> all = of(group);
        return all.stream().anyMatch(member -> member.role().equals("LEADER"))
                && all.stream().filter(MemberView::ready).count() > all.size() / 2;
    }

    AdminClient admin(MemberView member) {
        return clients.computeIfAbsent(
                member.admin(), address -> new AdminClient(Endpoint.parse(address), token, TIMEOUT));
    }

    /** Empty when it does not answer. */
    Optional<NodeDescription> describe(MemberView member) {
        try {
            return Optional.of(admin(member).describe());
        } catch (QuorateException e) {
            return Optional.empty();
        }
    }

    /** A member and what it said. */
    record Said(MemberView member, NodeDescription description) {}

    /** Of those that say so, the one of the latest term. */
    Optional<Said> leader(int group) {
        return of(group).stream()
                .flatMap(member -> describe(member).map(said -> new Said(member, said)).stream())
                .filter(said -> said.description().getRole().equals("LEADER"))
                .max((one, other) -> Long.compare(
                        one.description().getTerm(), other.description().getTerm()));
    }

    /** The group has as many voters as it should, all of them caught up, and each of its disks is one of them. */
    boolean whole(int group, int replicas) {
        Optional<Said> leader = leader(group);
        if (leader.isEmpty()) {
            return false;
        }
        NodeDescription said = leader.get().description();
        Set<String> voters = said.getMembersList().stream().map(Member::getId).collect(Collectors.toSet());
        Set<String> disks = of(group).stream()
                .flatMap(member -> describe(member).stream())
                .filter(NodeDescription::getReady)
                .map(each -> each.getMember().getId())
                .collect(Collectors.toSet());
        return voters.size() == replicas
                && said.getLearnerIdsCount() == 0
                && !said.getChangingMembers()
                && said.getProgressList().stream().allMatch(PeerProgress::getCaughtUp)
                && disks.equals(voters);
    }

    /** What the group itself says of its shards: the state by shard; empty when it has no leader. */
    Optional<Map<Integer, String>> shards(int group) {
        return leader(group)
                .map(said -> said.description().getShardsList().stream()
                        .collect(Collectors.toMap(ShardInfo::getShard, ShardInfo::getState)));
    }

    /** Empty when it has no leader, or the comparison did not come to an end. */
    Optional<CompareReplicasResponse> compareReplicas(int group, int shard) {
        try {
            return leader(group).map(said -> admin(said.member()).compareReplicas(shard));
        } catch (QuorateException e) {
            return Optional.empty();
        }
    }

    /** The shard map, linearizably; empty when the root group does not answer. */
    Optional<ShardMap> map() {
        return map(root);
    }

    private static Optional<ShardMap> map(RootClient root) {
        try {
            return Optional.of(root.map().getMap());
        } catch (QuorateException e) {
            return Optional.empty();
        }
    }

    /** Whether the map was changed, as far as is known. */
    boolean change(MapChange.Builder change) {
        try {
            MapChangeResult result = root.change(change.build());
            return result.getAccepted();
        } catch (QuorateException e) {
            return false;
        }
    }

    @Override
    public void close() {
        root.close();
        clients.values().forEach(AdminClient::close);
    }
}
