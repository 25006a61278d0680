package dev.quorate.cli.local;

import dev.quorate.api.Member;
import dev.quorate.cli.output.UserError;
import dev.quorate.control.ClusterSpec;
import dev.quorate.control.Planner;
import dev.quorate.control.Platform;
import dev.quorate.server.NodeConfig;
import dev.quorate.server.NodeStartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Nodes in this process, on the loopback address. */
final class LocalPlatform implements Platform, AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final ClusterDirectory directory;
    private final ClusterSpec spec;
    private final PortRange ports;
    private final SortedMap<Integer, List<Place>> groups = new TreeMap<>();

    /** Where a member is, whether its node runs or not. */
    private static final class Place {
        private final NodeConfig config;
        private LocalNode node;
        private String trouble = "";

        private Place(NodeConfig config) {
            this.config = config;
        }
    }

    LocalPlatform(ClusterDirectory directory, PortRange ports) {
        this.directory = directory;
        this.spec = directory.spec();
        this.ports = ports;
    }

    /**
     * Sees to it that the ports that must be free are, before anything is written or started.
     *
     * @throws UserError when a port is in use that the user named, or that a member announces for good
     */
    void checkPorts() throws IOException {
        if (directory.groups().isEmpty()) {
            ports.require(spec.groups() * spec.replicas());
        }
        for (int group : directory.groups()) {
            for (int member = 0; member < spec.replicas(); member++) {
                for (int port : directory.ports(group, member, ports).all()) {
                    if (!PortRange.free(port)) {
                        throw UserError.failed("port " + port + " is in use, and member " + name(group, member)
                                + " announces it for good: stop what listens there (ss -ltnp shows it).");
                    }
                }
            }
        }
    }

    /** Starts the nodes of all groups that the directory has. */
    void startExisting() throws IOException {
        for (int group : directory.groups()) {
            startGroup(group);
        }
    }

    @Override
    public synchronized List<Group> groups() {
        return groups.entrySet().stream()
                .map(entry -> new Group(
                        entry.getKey(),
                        true,
                        entry.getKey() == Planner.ROOT ? rootMembers() : List.of(),
                        entry.getValue().stream().map(LocalPlatform::describe).toList()))
                .toList();
    }

    @Override
    public boolean formedBefore() {
        return !rootMembers().isEmpty();
    }

    private static Node describe(Place place) {
        boolean running = place.node != null;
        return new Node(
                place.config.name(),
                new NodeAddress(HOST, place.config.ports().admin()),
                running,
                running && place.node.ready(),
                false,
                place.trouble);
    }

    @Override
    public synchronized void createGroup(int group) {
        attempt("create group " + group, () -> startGroup(group));
    }

    private synchronized void startGroup(int group) throws IOException {
        List<Place> places = new ArrayList<>();
        for (int member = 0; member < spec.replicas(); member++) {
            places.add(new Place(config(group, member)));
        }
        groups.put(group, places);
        inParallel(places, LocalPlatform::start);
    }

    private NodeConfig config(int group, int member) throws IOException {
        MemberPorts chosen = directory.ports(group, member, ports);
        return new NodeConfig(
                spec.clusterId(),
                group,
                name(group, member),
                HOST,
                HOST,
                new NodeConfig.Ports(chosen.peer(), chosen.redis(), chosen.grpc(), chosen.admin(), 0),
                directory.memberData(group, member),
                rootMembers().stream()
                        .map(root -> root.getHost() + ":" + root.getPeerPort())
                        .toList(),
                directory.token(),
                NodeConfig.DEFAULT_TICK,
                NodeConfig.Limits.defaults());
    }

    private String name(int group, int member) {
        return spec.name() + "-" + group + "-" + member;
    }

    private static void start(Place place) {
        try {
            place.node = LocalNode.start(place.config);
            place.trouble = "";
        } catch (NodeStartException | IOException e) {
            place.trouble = e.getMessage();
        }
    }

    private static void stop(Place place) {
        if (place.node != null) {
            place.node.close();
            place.node = null;
        }
    }

    @Override
    public synchronized void recordMembers(int group, List<Member> members) {
        List<Member> recorded = rootMembers();
        if (group != Planner.ROOT || !recorded.isEmpty() && !recorded.equals(members)) {
            throw new PlatformException(
                    "the members of group " + group + " can't be recorded: others are on record", null);
        }
        attempt("record the root group's members", () -> directory.recordRootMembers(members));
    }

    private List<Member> rootMembers() {
        try {
            return directory.rootMembers();
        } catch (IOException e) {
            throw new PlatformException("can't read the root group's members: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void restartNode(int group, String node) {
        groups.getOrDefault(group, List.of()).stream()
                .filter(place -> place.config.name().equals(node))
                .forEach(place -> {
                    stop(place);
                    start(place);
                });
    }

    @Override
    public synchronized void deleteGroup(int group) {
        List<Place> places = groups.remove(group);
        if (places != null) {
            inParallel(places, LocalPlatform::stop);
        }
        attempt("delete group " + group, () -> directory.deleteGroup(group));
    }

    /** Stops all nodes. */
    @Override
    public synchronized void close() {
        inParallel(groups.values().stream().flatMap(List::stream).toList(), LocalPlatform::stop);
        groups.clear();
    }

    private static void inParallel(List<Place> places, Consumer<Place> work) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            places.forEach(place -> threads.execute(() -> work.accept(place)));
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void attempt(String what, Work work) {
        try {
            work.run();
        } catch (IOException | UncheckedIOException e) {
            throw new PlatformException("can't " + what + ": " + e.getMessage(), e);
        }
    }
}
