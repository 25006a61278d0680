package dev.quorate.operator;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.PeerProgress;
import dev.quorate.api.ShardMap;
import dev.quorate.control.Database;
import dev.quorate.control.Observation.MapView;
import dev.quorate.control.Platform.NodeAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Nodes that answer at the addresses of {@link FakeKubelet}'s pods: each a disk that outlives its pod, led by the first member that answers, and
 * a shard map that follows every order at once.
 */
final class FakeDatabase implements Database {
    private final String cluster;
    private final Map<String, Member> disks = new HashMap<>();
    private final Map<Integer, BootstrapRequest> bootstrapped = new HashMap<>();
    private final Map<Integer, List<Member>> learners = new HashMap<>();
    private final Map<Integer, String> leaders = new HashMap<>();
    private final Set<String> silent = new HashSet<>();
    private ShardMap map = ShardMap.getDefaultInstance();
    private int passes;

    FakeDatabase(String cluster) {
        this.cluster = cluster;
    }

    /** How many times the map was asked for: once in each pass that finds a root node. */
    synchronized int passes() {
        return passes;
    }

    synchronized ShardMap map() {
        return map;
    }

    /** The node does not answer, or does again. */
    synchronized void silence(int group, int ordinal, boolean quiet) {
        String address = FakeKubelet.address(group, ordinal);
        if (quiet) {
            silent.add(address);
        } else {
            silent.remove(address);
        }
    }

    /** The group's disks are those of a former cluster of this id. */
    synchronized void keep(int group, String clusterId, int replicas) {
        BootstrapRequest.Builder record =
                BootstrapRequest.newBuilder().setClusterId(clusterId).setGroupId(group);
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            record.addMembers(disk(FakeKubelet.address(group, ordinal)));
        }
        bootstrapped.put(group, record.build());
    }

    /** The group's disks are lost; with the root group's goes the map. */
    synchronized void wipe(int group) {
        disks.keySet().removeIf(address -> group(address) == group);
        bootstrapped.remove(group);
        if (group == 1) {
            map = ShardMap.getDefaultInstance();
        }
    }

    @Override
    public synchronized NodeDescription describe(NodeAddress node) {
        if (silent.contains(node.host())) {
            throw new DatabaseException("no answer from " + node + " within 3 s", null);
        }
        Member member = disk(node.host());
        int group = group(node.host());
        BootstrapRequest record = bootstrapped.get(group);
        List<Member> members = new ArrayList<>(learners.getOrDefault(group, List.of()));
        boolean learns = members.contains(member);
        if (record != null) {
            members.addAll(record.getMembersList());
        }
        boolean knows = record != null && members.contains(member);
        NodeDescription.Builder said = NodeDescription.newBuilder()
                .setMember(member)
                .setReady(knows)
                .setBootstrapped(knows)
                .setGroupId(group);
        if (knows) {
            said.setClusterId(record.getClusterId())
                    .setTerm(1)
                    .setRole(!learns && leads(record, member) ? "LEADER" : "FOLLOWER")
                    .addAllMembers(members)
                    .addAllLearnerIds(learners.getOrDefault(group, List.of()).stream()
                            .map(Member::getId)
                            .toList())
                    .addAllProgress(members.stream()
                            .map(each -> PeerProgress.newBuilder()
                                    .setMemberId(each.getId())
                                    .setActive(true)
                                    .setCaughtUp(true)
                                    .build())
                            .toList());
        }
        return said.build();
    }

    /** Who was handed the leadership, if it answers; else the first that does. */
    private boolean leads(BootstrapRequest record, Member member) {
        String handedTo = leaders.get(record.getGroupId());
        return record.getMembersList().stream()
                .filter(each -> !silent.contains(address(each)))
                .min(Comparator.comparing(each -> !each.getId().equals(handedTo)))
                .filter(member::equals)
                .isPresent();
    }

    private String address(Member member) {
        return disks.entrySet().stream()
                .filter(disk -> disk.getValue().equals(member))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private Member disk(String address) {
        return disks.computeIfAbsent(address, at -> {
            String pod = cluster + "-g" + group(at) + "-" + at.substring(at.lastIndexOf('.') + 1);
            return Member.newBuilder()
                    .setId(UUID.randomUUID().toString())
                    .setName(pod)
                    .setHost(pod + "." + cluster + "-peers.test.svc")
                    .setPeerPort(7380)
                    .setRedisPort(6379)
                    .setGrpcPort(9000)
                    .setAdminPort(7381)
                    .setHttpPort(8080)
                    .build();
        });
    }

    private static int group(String address) {
        return Integer.parseInt(address.split("\\.")[2]);
    }

    @Override
    public synchronized void bootstrap(NodeAddress node, BootstrapRequest request) {
        bootstrapped.put(group(node.host()), request);
    }

    @Override
    public synchronized MapView map(List<NodeAddress> rootNodes) {
        passes++;
        if (bootstrapped.get(1) == null || rootNodes.stream().allMatch(node -> silent.contains(node.host()))) {
            return new MapView.Unreadable("no leader of the root group answers");
        }
        if (map.getEpoch() == 0) {
            return new MapView.NotCreated();
        }
        List<GroupLeader> leaders = map.getGroupsList().stream()
                .filter(group -> group.getMembersCount() > 0)
                .map(group -> GroupLeader.newBuilder()
                        .setGroupId(group.getId())
                        .setMemberId(group.getMembers(0).getId())
                        .build())
                .toList();
        return new MapView.Known(map, leaders);
    }

    @Override
    public synchronized MapChangeResult change(List<NodeAddress> rootNodes, MapChange change) {
        if (change.getExpectedEpoch() != 0 && change.getExpectedEpoch() != map.getEpoch()) {
            return MapChangeResult.newBuilder()
                    .setRefusal("the map is of another epoch")
                    .setMap(map)
                    .build();
        }
        ShardMap.Builder next = map.toBuilder().setEpoch(map.getEpoch() + 1);
        switch (change.getChangeCase()) {
            case CREATE -> {
                next.setClusterId(change.getCreate().getClusterId())
                        .setShardCount(change.getCreate().getShardCount())
                        .addGroups(change.getCreate().getRoot())
                        .setNextGroupId(2);
                for (int shard = 0; shard < change.getCreate().getShardCount(); shard++) {
                    next.addOwner(1);
                }
            }
            case ADD_GROUP ->
                next.addGroups(Group.newBuilder()
                                .setId(change.getAddGroup().getGroupId())
                                .setState(GroupState.JOINING))
                        .setNextGroupId(change.getAddGroup().getGroupId() + 1);
            case SET_MEMBERS ->
                group(next, change.getSetMembers().getGroupId())
                        .clearMembers()
                        .addAllMembers(change.getSetMembers().getMembersList());
            case SET_STATE ->
                group(next, change.getSetState().getGroupId())
                        .setState(change.getSetState().getState());
            case REMOVE_GROUP ->
                next.removeGroups(next.getGroupsBuilderList()
                        .indexOf(group(next, change.getRemoveGroup().getGroupId())));
            case START_MOVE ->
                next.setOwner(
                        change.getStartMove().getShard(), change.getStartMove().getToGroup());
            case DECIDE_MOVE, FINISH_MOVE, RESTORE, CHANGE_NOT_SET -> throw new IllegalArgumentException("" + change);
        }
        map = next.build();
        return MapChangeResult.newBuilder().setAccepted(true).setMap(map).build();
    }

    private static Group.Builder group(ShardMap.Builder map, int id) {
        return map.getGroupsBuilderList().stream()
                .filter(group -> group.getId() == id)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public synchronized void transferLeadership(NodeAddress leader, String targetMemberId) {
        leaders.put(group(leader.host()), targetMemberId);
    }

    @Override
    public synchronized void changeMembers(NodeAddress leader, ChangeMembersRequest request) {
        int group = group(leader.host());
        List<Member> waiting = learners.computeIfAbsent(group, _ -> new ArrayList<>());
        if (request.hasAdd()) {
            waiting.add(request.getAdd());
            return;
        }
        List<Member> known = new ArrayList<>(bootstrapped.get(group).getMembersList());
        known.addAll(waiting);
        List<String> voters = request.getSetVoters().getIdsList();
        BootstrapRequest.Builder record = bootstrapped.get(group).toBuilder().clearMembers();
        known.forEach(member -> {
            if (voters.contains(member.getId())) {
                record.addMembers(member);
            } else if (!waiting.contains(member)) {
                disks.remove(address(member)); // its node archives what it had
            }
        });
        waiting.removeIf(member -> voters.contains(member.getId()));
        bootstrapped.put(group, record.build());
    }

    @Override
    public void forgetAllBut(Set<NodeAddress> present) {}

    @Override
    public void close() {}
}
