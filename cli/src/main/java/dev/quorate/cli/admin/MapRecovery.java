package dev.quorate.cli.admin;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChange.RestoreMap;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.SettleShardsRequest;
import dev.quorate.api.ShardMap;
import dev.quorate.cli.output.UserError;
import dev.quorate.client.Endpoint;
import dev.quorate.client.QuorateException;
import dev.quorate.client.RootClient;
import dev.quorate.control.MapRebuild;
import dev.quorate.control.MapRebuild.Outcome;
import dev.quorate.control.MapRebuild.Settlement;
import dev.quorate.control.Planner;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Forms a lost root group anew and gives it the shard map, rebuilt from what the other groups own. The order makes it safe to be cut off anywhere and begun again:
 * a new generation in every group, so that nothing of the lost map takes effect any more; what becomes of shards on the move; the root group's bootstrap; and the
 * map at last, from which on the cluster serves as before.
 */
public final class MapRecovery {
    private static final Duration ROOT_TIMEOUT = Duration.ofSeconds(30);

    private final AdminNodes nodes;
    private final ShardMap newest;
    private final Consumer<String> progress;

    /** @param progress hears of each step in words */
    public MapRecovery(AdminNodes nodes, Consumer<String> progress) {
        this.nodes = nodes;
        this.newest = nodes.newestMap();
        this.progress = progress;
    }

    /**
     * @param dryRun only says what would be done
     * @param giveUpLost whether shards that no group has may begin anew, empty
     * @throws UserError when something stands against it; nothing that is there was changed then
     */
    public void run(boolean dryRun, boolean giveUpLost) {
        if (newest.getEpoch() == 0) {
            throw UserError.failed("no node that answers has a copy of the shard map: name more of them with --admin.");
        }
        List<Member> rootMembers = rootMembers();
        long generation = MapRebuild.generation(said(), newest);
        Outcome.Rebuilt first = rebuild(leaders(), rootMembers, generation);
        describe(first);
        if (!dryRun) {
            requireConsent(first, giveUpLost);
            carryOut(rootMembers, generation, giveUpLost);
        } else if (!first.lost().isEmpty() && !giveUpLost) {
            progress.accept("this would be refused without --give-up-lost-shards");
        }
    }

    private static void requireConsent(Outcome.Rebuilt rebuilt, boolean giveUpLost) {
        if (!rebuilt.lost().isEmpty() && !giveUpLost) {
            throw UserError.failed(rebuilt.lost().size()
                    + " shards are lost with the root group. If there is no way to bring its disks back,"
                    + " --give-up-lost-shards lets these begin anew, empty.");
        }
    }

    private void carryOut(List<Member> rootMembers, long generation, boolean giveUpLost) {
        SortedMap<Integer, NodeDescription> fenced = new TreeMap<>();
        leaders().keySet().forEach(group -> {
            NodeDescription said = nodes.requireLeader(group).admin().beginGeneration(generation);
            if (said.getGeneration() != generation) {
                throw UserError.failed("group " + group + " is at generation " + said.getGeneration()
                        + " by now: somebody else rebuilds the map too.");
            }
            fenced.put(group, said);
            progress.accept("group " + group + " begins generation " + generation);
        });
        Outcome.Rebuilt rebuilt = rebuild(fenced, rootMembers, generation);
        requireConsent(rebuilt, giveUpLost);
        rebuilt.settlements().stream()
                .collect(Collectors.groupingBy(Settlement::group))
                .forEach((group, settlements) -> settle(group, settlements, generation));
        formRoot(rootMembers);
        restore(rebuilt.map(), rootMembers);
    }

    private Outcome.Rebuilt rebuild(
            SortedMap<Integer, NodeDescription> leaders, List<Member> rootMembers, long generation) {
        return switch (MapRebuild.rebuild(newest, said(), leaders, rootMembers, generation)) {
            case Outcome.Rebuilt rebuilt -> rebuilt;
            case Outcome.Refused(List<String> reasons) ->
                throw UserError.failed("the map can't be rebuilt: " + String.join("; ", reasons) + ".");
        };
    }

    private List<NodeDescription> said() {
        return nodes.nodes().stream().map(AdminNodes.Node::said).toList();
    }

    private SortedMap<Integer, NodeDescription> leaders() {
        SortedMap<Integer, NodeDescription> leaders = new TreeMap<>();
        nodes.nodes().stream()
                .map(AdminNodes.Node::group)
                .distinct()
                .filter(group -> group != Planner.ROOT)
                .forEach(group -> nodes.leader(group).ifPresent(leader -> leaders.put(group, leader.said())));
        return leaders;
    }

    /** The nodes that are to be the root group: all it had, and none of them with a map. */
    private List<Member> rootMembers() {
        List<AdminNodes.Node> found = nodes.nodes(Planner.ROOT);
        Set<String> names = found.stream().map(AdminNodes.Node::name).collect(Collectors.toSet());
        newest.getGroups(0).getMembersList().stream()
                .filter(member -> !names.contains(member.getName()))
                .findFirst()
                .ifPresent(member -> {
                    throw UserError.failed(
                            "node " + member.getName()
                                    + " of the root group does not answer: it may have the map. Bring it back, on an empty disk if its own is lost.");
                });
        for (AdminNodes.Node node : found) {
            boolean ofFormer = newest.getGroups(0).getMembersList().stream()
                    .anyMatch(member ->
                            member.getId().equals(node.said().getMember().getId()));
            if (node.said().getBootstrapped() && (ofFormer || node.said().getMapEpoch() > newest.getEpoch())) {
                throw UserError.failed("node " + node.name()
                        + " has the root group's state: the map is not lost as long as a majority of that group can be brought back."
                        + " If it can't be, keep a copy of this node's disk, and start it on an empty one.");
            }
        }
        return found.stream().map(node -> node.said().getMember()).toList();
    }

    private void describe(Outcome.Rebuilt rebuilt) {
        rebuilt.map().getGroupsList().forEach(group -> {
            long shards = rebuilt.map().getOwnerList().stream()
                    .filter(owner -> owner == group.getId())
                    .count();
            progress.accept("group " + group.getId() + " has " + shards + " shards");
        });
        rebuilt.settlements()
                .forEach(settlement -> progress.accept("shard " + settlement.shard() + " was on the move: "
                        + (settlement.newOwner() == 0
                                ? "it stays in group " + settlement.group()
                                : "group " + settlement.group() + " gives it up to group " + settlement.newOwner())));
        if (!rebuilt.lost().isEmpty()) {
            progress.accept("lost with the root group: shards "
                    + rebuilt.lost().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        }
    }

    private void settle(int group, List<Settlement> settlements, long generation) {
        SettleShardsRequest.Builder request = SettleShardsRequest.newBuilder().setGeneration(generation);
        settlements.forEach(settlement ->
                request.addSettlementsBuilder().setShard(settlement.shard()).setNewOwner(settlement.newOwner()));
        int changed = nodes.requireLeader(group).admin().settleShards(request.build());
        progress.accept("group " + group + " settles " + changed + " shards");
    }

    /** What was bootstrapped by an attempt that was cut off is bootstrapped already, with the very same set. */
    private void formRoot(List<Member> members) {
        BootstrapRequest request = BootstrapRequest.newBuilder()
                .setClusterId(newest.getClusterId())
                .setGroupId(Planner.ROOT)
                .addAllMembers(members)
                .addAllRootMembers(members)
                .build();
        nodes.nodes(Planner.ROOT).forEach(node -> node.admin().bootstrap(request));
        progress.accept("the root group is formed anew");
    }

    private void restore(ShardMap map, List<Member> rootMembers) {
        List<Endpoint> root = rootMembers.stream()
                .map(member -> new Endpoint(member.getHost(), member.getAdminPort()))
                .toList();
        try (RootClient client = new RootClient(root, nodes.token(), ROOT_TIMEOUT)) {
            client.map(); // waits until there is a leader
            MapChangeResult result = client.change(MapChange.newBuilder()
                    .setRestore(RestoreMap.newBuilder().setMap(map))
                    .build());
            if (!result.getAccepted()) {
                throw UserError.failed(result.getRefusal());
            }
        } catch (QuorateException e) {
            throw UserError.failed("the root group does not take the map: " + e.getMessage() + ". Run this again.");
        }
        progress.accept("the shard map is back, at epoch " + map.getEpoch());
    }
}
