package dev.quorate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Member;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.PeerProgress;
import dev.quorate.api.ShardMap;
import dev.quorate.control.Observation.MapView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A platform and a database that exist in memory: what the control loop does to them takes effect at once, and every rule that it must keep is
 * checked where it could be broken. Time is a number of {@link #tick ticks}.
 */
final class SimulatedCluster implements Platform, Database {
    /** A node and its volume, which outlives the group's resources. */
    static final class SimulatedNode {
        final int group;
        final String name;
        String memberId;
        List<Member> members = List.of();
        String clusterId = "";
        boolean present;
        boolean up;
        int restartTicks;
        int revision;

        SimulatedNode(int group, String name, String memberId) {
            this.group = group;
            this.name = name;
            this.memberId = memberId;
        }

        boolean bootstrapped() {
            return !members.isEmpty();
        }

        boolean serves() {
            return present && up && bootstrapped();
        }

        Member member() {
            return Member.newBuilder()
                    .setId(memberId)
                    .setName(name)
                    .setHost(name)
                    .setAdminPort(1)
                    .build();
        }
    }

    final MapOracle root = new MapOracle();
    final TreeMap<Integer, List<SimulatedNode>> volumes = new TreeMap<>();
    final Map<Integer, List<Member>> records = new HashMap<>();
    final Map<Integer, String> leaders = new HashMap<>();
    /** Members without a vote, by group. */
    final Map<Integer, Set<String>> learners = new HashMap<>();

    private final List<Integer> present = new ArrayList<>();
    /** How many nodes each group is to have. */
    final Map<Integer, Integer> sizes = new HashMap<>();

    private int identities;
    /** The platform has seen a shard map. */
    boolean formedBefore;

    int revision;
    int brokenRevision = -1;
    int movesStarted;
    /** Calls that still take effect before the controller is cut off; negative: never. */
    int callsLeft = -1;

    // What the test does to it.

    void tick(Random random) {
        for (SimulatedNode node : nodes()) {
            if (node.present && !node.up && node.restartTicks > 0 && --node.restartTicks == 0) {
                node.up = node.revision != brokenRevision;
            }
        }
        present.forEach(this::elect);
        List<Move> moves = new ArrayList<>(root.map().getMovesList());
        Collections.shuffle(moves, random);
        moves.stream().filter(move -> random.nextInt(3) > 0).forEach(this::advance);
    }

    private void advance(Move move) {
        boolean source = leader(move.getFromGroup()).isPresent();
        boolean target = leader(move.getToGroup()).isPresent();
        if (leader(Planner.ROOT).isEmpty()) {
            return;
        }
        if (move.getState() == MoveState.COPYING) {
            if (source && target) {
                root.apply(MapChange.newBuilder()
                        .setDecideMove(MapChange.DecideMove.newBuilder()
                                .setMoveId(move.getId())
                                .setDecision(MoveState.SWITCHED))
                        .build());
            }
        } else if (!move.getTargetDone() ? target : source) {
            root.apply(MapChange.newBuilder()
                    .setFinishMove(MapChange.FinishMove.newBuilder()
                            .setMoveId(move.getId())
                            .setTarget(!move.getTargetDone()))
                    .build());
        }
    }

    void crash(SimulatedNode node) {
        node.up = false;
        node.restartTicks = 0;
        elect(node.group);
    }

    void start(SimulatedNode node) {
        if (node.present && !node.up && node.restartTicks == 0) {
            node.restartTicks = 1;
        }
    }

    void wipe(SimulatedNode node) {
        node.memberId = "disk-" + identities++;
        node.members = List.of();
        node.clusterId = "";
        elect(node.group);
    }

    /** The group finds the replica wrong and removes it; its node makes a new member. */
    void removeFromGroup(SimulatedNode removed) {
        String id = removed.memberId;
        wipe(removed);
        nodes(removed.group)
                .forEach(node -> node.members = node.members.stream()
                        .filter(member -> !member.getId().equals(id))
                        .toList());
        elect(removed.group);
    }

    /** Somebody deletes the group's resources by hand. */
    void deleteByHand(int group) {
        remove(group);
    }

    /** Somebody changes the number of a group's nodes by hand. */
    void scaleByHand(int group, int size) {
        nodes(group).stream().skip(size).forEach(node -> {
            node.present = false;
            node.up = false;
            node.restartTicks = 0;
        });
        provide(group, size);
        elect(group);
    }

    List<SimulatedNode> nodes() {
        return volumes.values().stream().flatMap(List::stream).toList();
    }

    List<SimulatedNode> nodes(int group) {
        return volumes.getOrDefault(group, List.of());
    }

    // How groups elect.

    private void elect(int group) {
        List<SimulatedNode> serving =
                nodes(group).stream().filter(SimulatedNode::serves).toList();
        Set<String> withoutVote = learners.getOrDefault(group, Set.of());
        serving = serving.stream()
                .filter(node -> !withoutVote.contains(node.memberId))
                .toList();
        boolean quorum = !serving.isEmpty()
                && serving.size() >= (serving.getFirst().members.size() - withoutVote.size()) / 2 + 1;
        List<SimulatedNode> voters = serving;
        boolean leads = quorum && voters.stream().anyMatch(node -> node.memberId.equals(leaders.get(group)));
        if (!quorum) {
            leaders.remove(group);
        } else if (!leads) {
            leaders.put(group, serving.getFirst().memberId);
        }
    }

    Optional<String> leader(int group) {
        return Optional.ofNullable(leaders.get(group));
    }

    // The platform.

    @Override
    public List<Platform.Group> groups() {
        return present.stream()
                .sorted()
                .map(id -> new Platform.Group(
                        id,
                        true,
                        records.getOrDefault(id, List.of()),
                        sizes.get(id),
                        nodes(id).stream()
                                .limit(sizes.get(id))
                                .map(this::asNode)
                                .toList()))
                .toList();
    }

    @Override
    public boolean formedBefore() {
        return formedBefore;
    }

    private Platform.Node asNode(SimulatedNode node) {
        return new Platform.Node(
                node.name,
                new NodeAddress(node.name, 1),
                node.up,
                node.up && (node.bootstrapped()),
                node.revision != revision,
                node.up ? "" : "it is being restarted");
    }

    @Override
    public void createGroup(int group, int nodes) {
        call();
        if (!present.contains(group)) {
            present.add(group);
            provide(group, nodes);
        }
    }

    @Override
    public void resizeGroup(int group, int size) {
        call();
        List<String> members = voters(group);
        nodes(group).stream().skip(size).filter(node -> node.present).forEach(node -> {
            assertThat(members).as("only nodes of former members go").doesNotContain(node.memberId);
            assertThat(learners.getOrDefault(group, Set.of())).doesNotContain(node.memberId);
            node.present = false;
            node.up = false;
            node.restartTicks = 0;
        });
        provide(group, size);
    }

    /** Those that are there already go on. */
    private void provide(int group, int size) {
        sizes.put(group, size);
        List<SimulatedNode> volumesOfGroup = volumes.computeIfAbsent(group, _ -> new ArrayList<>());
        while (volumesOfGroup.size() < size) {
            int ordinal = volumesOfGroup.size();
            volumesOfGroup.add(new SimulatedNode(group, "demo-" + group + "-" + ordinal, "disk-" + identities++));
        }
        volumesOfGroup.stream().limit(size).filter(node -> !node.present).forEach(node -> {
            node.present = true;
            node.revision = revision;
            node.restartTicks = 2;
        });
    }

    /** The ids of the members that vote, by those nodes that know it best: what a change did is with all that were up. */
    List<String> voters(int group) {
        Set<String> withoutVote = learners.getOrDefault(group, Set.of());
        return leader(group).stream()
                .flatMap(leader -> nodes(group).stream().filter(node -> node.memberId.equals(leader)))
                .flatMap(leader -> leader.members.stream())
                .map(Member::getId)
                .filter(id -> !withoutVote.contains(id))
                .toList();
    }

    @Override
    public void recordMembers(int group, List<Member> members) {
        call();
        assertThat(records.getOrDefault(group, members)).isEqualTo(members);
        if (group == Planner.ROOT && root.map().getEpoch() > 0) {
            assertThat(nodes(group)).as("the map's only home").anyMatch(SimulatedNode::bootstrapped);
        }
        records.put(group, members);
    }

    @Override
    public void restartNode(int group, String name) {
        call();
        SimulatedNode node = nodes(group).stream()
                .filter(candidate -> candidate.name.equals(name))
                .findFirst()
                .orElseThrow();
        List<String> voters = voters(group);
        if (node.serves() && voters.size() > 1 && voters.contains(node.memberId)) {
            assertThat(node.memberId).as("a leader hands over first").isNotEqualTo(leaders.get(group));
            assertThat(nodes(group).stream()
                                    .filter(other -> other.serves() && voters.contains(other.memberId))
                                    .count()
                            - 1)
                    .as("the rest of group " + group + " is a quorum")
                    .isGreaterThanOrEqualTo(voters.size() / 2 + 1);
        }
        node.up = false;
        node.restartTicks = 2;
        node.revision = revision;
        elect(group);
    }

    @Override
    public void deleteGroup(int group) {
        call();
        assertThat(root.map().getNextGroupId()).isGreaterThan(group);
        assertThat(root.map().getGroupsList())
                .as("root removed the group first")
                .extracting(dev.quorate.api.Group::getId)
                .doesNotContain(group);
        remove(group);
        volumes.remove(group);
        sizes.remove(group);
        learners.remove(group);
    }

    private void remove(int group) {
        present.remove((Integer) group);
        nodes(group).forEach(node -> {
            node.present = false;
            node.up = false;
            node.restartTicks = 0;
        });
        elect(group);
    }

    // The database.

    @Override
    public NodeDescription describe(NodeAddress address) {
        SimulatedNode node = node(address);
        return NodeDescription.newBuilder()
                .setClusterId(node.clusterId)
                .setGroupId(node.bootstrapped() ? node.group : 0)
                .setMember(node.member())
                .setBootstrapped(node.bootstrapped())
                .setReady(node.bootstrapped())
                .setRole(node.memberId.equals(leaders.get(node.group)) ? "LEADER" : "FOLLOWER")
                .setTerm(1)
                .setCommitIndex(10)
                .setAppliedIndex(10)
                .addAllMembers(node.members)
                .addAllLearnerIds(learners.getOrDefault(node.group, Set.of()))
                .addAllProgress(node.members.stream()
                        .map(member -> PeerProgress.newBuilder()
                                .setMemberId(member.getId())
                                .setActive(isUp(node.group, member))
                                .setCaughtUp(isUp(node.group, member))
                                .build())
                        .toList())
                .build();
    }

    private boolean isUp(int group, Member member) {
        return nodes(group).stream().anyMatch(node -> node.memberId.equals(member.getId()) && node.serves());
    }

    /** A change takes effect at once, on all members. */
    @Override
    public void changeMembers(NodeAddress address, ChangeMembersRequest request) {
        call();
        SimulatedNode leader = node(address);
        assertThat(leader.memberId).isEqualTo(leaders.get(leader.group));
        List<Member> members = new ArrayList<>(leader.members);
        Set<String> withoutVote = learners.computeIfAbsent(leader.group, _ -> new HashSet<>());
        switch (request.getChangeCase()) {
            case ADD -> {
                SimulatedNode added = nodes(leader.group).stream()
                        .filter(node -> node.member().equals(request.getAdd()))
                        .findFirst()
                        .orElseThrow(() -> new DatabaseException("no such node", null));
                added.clusterId = leader.clusterId;
                members.add(request.getAdd());
                withoutVote.add(request.getAdd().getId());
            }
            case REMOVE -> {
                withoutVote.remove(request.getRemove());
                members.removeIf(member -> member.getId().equals(request.getRemove()));
            }
            case SET_VOTERS -> {
                Set<String> voters = Set.copyOf(request.getSetVoters().getIdsList());
                assertThat(voters).as("a leader that leaves hands over first").contains(leader.memberId);
                assertThat(voters.size() % 2).as("an odd number of voters").isNotZero();
                assertThat(Set.copyOf(request.getSetVoters().getFromIdsList()))
                        .isEqualTo(Set.copyOf(voters(leader.group)));
                assertThat(members).extracting(Member::getId).containsAll(voters);
                assertThat(nodes(leader.group).stream()
                                .filter(node -> node.up && voters.contains(node.memberId))
                                .count())
                        .as("those that vote then are a quorum")
                        .isGreaterThan(voters.size() / 2);
                members.removeIf(member -> !voters.contains(member.getId()) && !withoutVote.contains(member.getId()));
                withoutVote.removeAll(voters);
            }
            case PROMOTE, CHANGE_NOT_SET -> throw new AssertionError("no such change: " + request);
        }
        Set<String> ids = members.stream().map(Member::getId).collect(Collectors.toSet());
        for (SimulatedNode node : nodes(leader.group)) {
            if (ids.contains(node.memberId)) {
                node.members = List.copyOf(members);
            } else if (node.bootstrapped()) {
                archive(node);
            }
        }
        elect(leader.group);
    }

    /** It hears that it was removed, ends, and comes back as another. */
    private void archive(SimulatedNode node) {
        wipe(node);
        if (node.up) {
            node.up = false;
            node.restartTicks = 2;
        }
    }

    private SimulatedNode node(NodeAddress address) {
        return nodes().stream()
                .filter(node -> node.name.equals(address.host()) && node.present && node.up)
                .findFirst()
                .orElseThrow(() -> new DatabaseException(address + " is down", null));
    }

    /** Called side by side: that the order makes no difference keeps a seed's run the same. */
    @Override
    public synchronized void bootstrap(NodeAddress address, BootstrapRequest request) {
        if (callsLeft == 0) {
            throw new DatabaseException("the controller was cut off", null);
        }
        SimulatedNode node = node(address);
        List<Member> recorded = request.getGroupId() == Planner.ROOT
                ? records.get(Planner.ROOT)
                : root.map().getGroupsList().stream()
                        .filter(group -> group.getId() == request.getGroupId())
                        .findFirst()
                        .orElseThrow()
                        .getMembersList();
        assertThat(request.getMembersList()).as("the record, verbatim").isEqualTo(recorded);
        assertThat(request.getMembersList())
                .as("the node's identity is on record")
                .contains(node.member());
        assertThat(node.members).isIn(List.of(), request.getMembersList());
        node.members = request.getMembersList();
        node.clusterId = request.getClusterId();
    }

    @Override
    public MapView map(List<NodeAddress> rootNodes) {
        if (leader(Planner.ROOT).isEmpty()) {
            return new MapView.Unreadable("the root group has no leader");
        }
        ShardMap map = root.map();
        formedBefore |= map.getEpoch() > 0;
        return map.getEpoch() == 0 ? new MapView.NotCreated() : new MapView.Known(map, List.of());
    }

    @Override
    public MapChangeResult change(List<NodeAddress> rootNodes, MapChange change) {
        call();
        if (leader(Planner.ROOT).isEmpty()) {
            throw new DatabaseException("the root group has no leader", null);
        }
        if (change.hasStartMove()) {
            assertThat(leader(change.getStartMove().getToGroup()))
                    .as("a group that does not serve receives nothing")
                    .isPresent();
        }
        MapChangeResult result = root.apply(change);
        if (change.hasStartMove() && result.getAccepted()) {
            movesStarted++;
        }
        return result;
    }

    @Override
    public void transferLeadership(NodeAddress leader, String targetMemberId) {
        call();
        leaders.put(node(leader).group, targetMemberId);
    }

    @Override
    public void forgetAllBut(Set<NodeAddress> present) {}

    @Override
    public void close() {}

    private void call() {
        if (callsLeft == 0) {
            throw new PlatformException("the controller was cut off", null);
        }
        callsLeft--;
    }
}
