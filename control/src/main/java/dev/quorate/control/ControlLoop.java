package dev.quorate.control;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.control.Observation.Answer;
import dev.quorate.control.Observation.GroupObservation;
import dev.quorate.control.Observation.MapView;
import dev.quorate.control.Observation.NodeObservation;
import dev.quorate.control.Platform.NodeAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes, plans and acts, once per {@link #run}. Keeps nothing between passes. Not for several threads at once. */
public final class ControlLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

    private final Platform platform;
    private final Database database;

    public ControlLoop(Platform platform, Database database) {
        this.platform = platform;
        this.database = database;
    }

    /**
     * One pass. Ends within the deadlines of the database's calls.
     *
     * @throws Platform.PlatformException when the platform itself can't be observed
     */
    public Pass run(ClusterSpec spec) {
        Observation observation = observe();
        Plan plan = Planner.plan(spec, observation);
        return new Pass(spec, observation, plan, act(spec, plan.steps(), observation));
    }

    /** What is there now. Nodes are asked side by side, so a silent one costs one deadline, not one each. */
    public Observation observe() {
        List<Platform.Group> groups = platform.groups();
        database.forgetAllBut(groups.stream()
                .flatMap(group -> group.nodes().stream())
                .map(Platform.Node::admin)
                .collect(Collectors.toSet()));
        SortedMap<Integer, GroupObservation> observed = new TreeMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<Platform.Node, Future<NodeObservation>> asked = new HashMap<>();
            groups.forEach(group -> group.nodes().forEach(node -> asked.put(node, threads.submit(() -> ask(node)))));
            for (Platform.Group group : groups) {
                List<NodeObservation> nodes = group.nodes().stream()
                        .map(node -> await(asked.get(node)))
                        .toList();
                observed.put(
                        group.id(),
                        new GroupObservation(group.id(), group.complete(), group.recorded(), group.size(), nodes));
            }
        }
        return new Observation(readMap(observed), observed, platform.formedBefore());
    }

    private NodeObservation ask(Platform.Node node) {
        if (!node.running()) {
            String reason = node.trouble().isEmpty() ? "it does not run" : node.trouble();
            return new NodeObservation(node, new Answer.Silent(reason));
        }
        try {
            return new NodeObservation(node, new Answer.Described(database.describe(node.admin())));
        } catch (Database.DatabaseException e) {
            String reason = node.trouble().isEmpty() ? e.getMessage() : node.trouble();
            return new NodeObservation(node, new Answer.Silent(reason));
        }
    }

    /** Asks only a root group that has been bootstrapped: empty nodes have no map to wait for. */
    private MapView readMap(SortedMap<Integer, GroupObservation> groups) {
        boolean bootstrapped = groups.containsKey(Planner.ROOT)
                && groups.get(Planner.ROOT).nodes().stream()
                        .anyMatch(node -> node.description()
                                .filter(NodeDescription::getBootstrapped)
                                .isPresent());
        return bootstrapped
                ? database.map(rootNodes(groups))
                : new MapView.Unreadable("no node of the root group answers that has its state");
    }

    /** Where the root group may be asked: its leader first, if there is one. */
    private static List<NodeAddress> rootNodes(SortedMap<Integer, GroupObservation> groups) {
        return groups.get(Planner.ROOT).nodes().stream()
                .filter(node -> node.node().running())
                .sorted(Comparator.comparing(
                        node -> node.description().filter(GroupHealth::leads).isEmpty()))
                .map(node -> node.node().admin())
                .toList();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Database.DatabaseException("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Database.DatabaseException failure
                    ? failure
                    : new IllegalStateException(e.getCause());
        }
    }

    /**
     * Carries out the steps in order. After a failed one the rest waits for the next pass, which plans on what is then so; but a group that can't change its
     * members now holds up no other.
     */
    private List<Pass.Outcome> act(ClusterSpec spec, List<Step> steps, Observation observation) {
        List<Pass.Outcome> outcomes = new ArrayList<>();
        for (Step step : steps) {
            Optional<String> failure = carryOut(spec, step, observation);
            outcomes.add(new Pass.Outcome(step, failure));
            if (failure.isPresent()) {
                LOG.warn(
                        "event=step_failed cluster={} step=\"{}\" reason=\"{}\"",
                        spec.name(),
                        step.words(),
                        failure.get());
                if (!(step instanceof Step.ChangeMembers)) {
                    break;
                }
            } else {
                LOG.info("event=step_done cluster={} step=\"{}\"", spec.name(), step.words());
            }
        }
        return outcomes;
    }

    private Optional<String> carryOut(ClusterSpec spec, Step step, Observation observation) {
        try {
            return switch (step) {
                case Step.CreateGroup(int group, int nodes) -> done(() -> platform.createGroup(group, nodes));
                case Step.ResizeGroup(int group, int nodes) -> done(() -> platform.resizeGroup(group, nodes));
                case Step.RecordMembers(int group, List<Member> members) ->
                    done(() -> platform.recordMembers(group, members));
                case Step.BootstrapGroup bootstrap -> done(() -> bootstrap(spec, bootstrap, observation));
                case Step.ChangeMap(var change) -> refusal(database.change(rootNodes(observation.groups()), change));
                case Step.TransferLeadership(int group, String target, String name) ->
                    done(() -> transfer(group, target, observation));
                case Step.ChangeMembers(int group, var change, var _) ->
                    done(() -> changeMembers(group, change, observation));
                case Step.RestartNode(int group, String node) -> done(() -> platform.restartNode(group, node));
                case Step.DeleteGroup(int group) -> done(() -> platform.deleteGroup(group));
            };
        } catch (Platform.PlatformException | Database.DatabaseException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Optional<String> done(Runnable work) {
        work.run();
        return Optional.empty();
    }

    private static Optional<String> refusal(MapChangeResult result) {
        return result.getAccepted() ? Optional.empty() : Optional.of(result.getRefusal());
    }

    /** Side by side, for opening a store takes a while. A member that fails is bootstrapped by a later pass. */
    private void bootstrap(ClusterSpec spec, Step.BootstrapGroup step, Observation observation) {
        BootstrapRequest request = BootstrapRequest.newBuilder()
                .setClusterId(spec.clusterId())
                .setGroupId(step.group())
                .addAllMembers(step.members())
                .addAllRootMembers(step.rootMembers())
                .build();
        Set<String> recorded = step.members().stream().map(Member::getId).collect(Collectors.toSet());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (NodeObservation node : observation.groups().get(step.group()).nodes()) {
                boolean waits = node.description()
                        .filter(said -> !said.getBootstrapped())
                        .filter(said -> recorded.contains(said.getMember().getId()))
                        .isPresent();
                if (waits) {
                    calls.add(
                            threads.submit(() -> database.bootstrap(node.node().admin(), request)));
                }
            }
            calls.forEach(ControlLoop::await);
        }
    }

    private void changeMembers(int group, ChangeMembersRequest change, Observation observation) {
        observation.groups().get(group).nodes().stream()
                .filter(node -> node.description().filter(GroupHealth::leads).isPresent())
                .findFirst()
                .ifPresent(leader -> database.changeMembers(leader.node().admin(), change));
    }

    private void transfer(int group, String target, Observation observation) {
        observation.groups().get(group).nodes().stream()
                .filter(node -> node.description().filter(GroupHealth::leads).isPresent())
                .findFirst()
                .ifPresent(leader -> database.transferLeadership(leader.node().admin(), target));
    }
}
