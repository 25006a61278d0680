package dev.quorate.cli.local;

import dev.quorate.api.Member;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.MemberPlace;
import dev.quorate.control.ClusterSpec;
import dev.quorate.control.Planner;
import dev.quorate.control.Platform;
import dev.quorate.server.NodeConfig;
import dev.quorate.server.NodeStartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Members on the loopback address, in this process or each in one of its own. */
final class LocalPlatform implements Platform, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPlatform.class);
    private static final String HOST = "127.0.0.1";
    private static final long FIRST_RESTART_MILLIS = 500;
    private static final long MAX_RESTART_MILLIS = 30_000;

    private final ClusterDirectory directory;
    private final ClusterSpec spec;
    private final PortRange ports;
    private final RunningMember.Runner runner;
    private final SortedMap<Integer, List<Place>> groups = new TreeMap<>();

    /** Where a member is, whether its node runs or not. */
    private static final class Place {
        private final NodeConfig config;
        private final MemberHome home;
        private RunningMember member;
        private String trouble = "";
        private long restartMillis = FIRST_RESTART_MILLIS;
        private long startedNanos;

        private Place(NodeConfig config, MemberHome home) {
            this.config = config;
            this.home = home;
        }

        private boolean running() {
            return member != null && member.running();
        }

        private long ranMillis() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
        }
    }

    LocalPlatform(ClusterDirectory directory, PortRange ports, RunningMember.Runner runner) {
        this.directory = directory;
        this.spec = directory.spec();
        this.ports = ports;
        this.runner = runner;
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
            for (int member = 0; member < directory.members(group); member++) {
                requireFree(group, member);
            }
        }
    }

    private void requireFree(int group, int member) throws IOException {
        MemberPorts announced = directory.ports(group, member, ports);
        if (directory.member(group, member).process().isPresent()) {
            return; // it listens there itself
        }
        for (int port : announced.all()) {
            if (!PortRange.free(port)) {
                throw UserError.failed("port " + port + " is in use, and member " + name(group, member)
                        + " announces it for good: stop what listens there (ss -ltnp shows it).");
            }
        }
    }

    /** Starts the nodes of all groups that the directory has. */
    void startExisting() throws IOException {
        for (int group : directory.groups()) {
            startGroup(group, directory.members(group));
        }
    }

    @Override
    public synchronized List<Group> groups() {
        return groups.entrySet().stream()
                .map(entry -> new Group(
                        entry.getKey(),
                        true,
                        entry.getKey() == Planner.ROOT ? rootMembers() : List.of(),
                        entry.getValue().size(),
                        entry.getValue().stream().map(LocalPlatform::describe).toList()))
                .toList();
    }

    @Override
    public boolean formedBefore() {
        return !rootMembers().isEmpty();
    }

    private static Node describe(Place place) {
        boolean running = place.running();
        return new Node(
                place.config.name(),
                new NodeAddress(HOST, place.config.ports().admin()),
                running,
                running && place.member.ready(),
                false,
                place.trouble);
    }

    @Override
    public synchronized void createGroup(int group, int nodes) {
        attempt("create group " + group, () -> startGroup(group, nodes));
    }

    /** A node that goes takes its folder with it. */
    @Override
    public synchronized void resizeGroup(int group, int nodes) {
        attempt("give group " + group + " " + nodes + " nodes", () -> {
            List<Place> places = groups.getOrDefault(group, List.of());
            while (places.size() > nodes) {
                Place last = places.removeLast();
                stop(last);
                directory.deleteMember(group, places.size());
                ports.release(MemberPorts.of(last.config));
            }
            if (places.size() < nodes) {
                startGroup(group, nodes);
            }
        });
    }

    /** Those that run go on. */
    private synchronized void startGroup(int group, int nodes) throws IOException {
        List<Place> places = groups.computeIfAbsent(group, _ -> new ArrayList<>());
        List<Place> added = new ArrayList<>();
        for (int member = places.size(); member < nodes; member++) {
            added.add(new Place(config(group, member), directory.member(group, member)));
        }
        places.addAll(added);
        inParallel(added, this::start);
    }

    /** Starts again what ended by itself or could not start: soon at first, then ever more seldom. */
    synchronized void restartEnded() {
        List<Place> ended = groups.values().stream()
                .flatMap(List::stream)
                .filter(place -> !place.running() && place.ranMillis() >= place.restartMillis)
                .toList();
        for (Place place : ended) {
            LOG.info("event=member_restarted member={} trouble=\"{}\"", place.config.name(), place.trouble);
            place.restartMillis = place.ranMillis() > MAX_RESTART_MILLIS
                    ? FIRST_RESTART_MILLIS
                    : Math.min(MAX_RESTART_MILLIS, 2 * place.restartMillis);
        }
        inParallel(ended, this::start);
    }

    /** Where a member's process and files are. */
    synchronized Optional<MemberPlace> place(String name) {
        return groups.values().stream()
                .flatMap(List::stream)
                .filter(place -> place.config.name().equals(name))
                .map(place -> new MemberPlace(
                        place.running() ? place.member.pid() : 0,
                        place.home.folder().toString()))
                .findFirst();
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
                directory.member(group, member).data(),
                rootMembers().stream()
                        .map(root -> root.getHost() + ":" + root.getPeerPort())
                        .toList(),
                directory.token(),
                NodeConfig.DEFAULT_TICK,
                limits());
    }

    /** As for a node in a pod, where this is a setting of the same name. */
    private static NodeConfig.Limits limits() {
        NodeConfig.Limits limits = NodeConfig.Limits.defaults();
        return limits.withMoveBytesPerSecond(
                Long.getLong("quorate.move-bytes-per-second", limits.moveBytesPerSecond()));
    }

    private String name(int group, int member) {
        return spec.name() + "-" + group + "-" + member;
    }

    private void start(Place place) {
        stop(place);
        place.startedNanos = System.nanoTime();
        try {
            place.member = runner.start(place.config, place.home);
            place.trouble = "";
        } catch (NodeStartException | IOException e) {
            place.trouble = e.getMessage();
        }
    }

    private static void stop(Place place) {
        if (place.member != null) {
            place.member.close();
            place.member = null;
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
                    place.restartMillis = FIRST_RESTART_MILLIS;
                    start(place);
                });
    }

    @Override
    public synchronized void deleteGroup(int group) {
        List<Place> places = groups.getOrDefault(group, List.of());
        groups.remove(group);
        inParallel(places, LocalPlatform::stop);
        attempt("delete group " + group, () -> directory.deleteGroup(group));
        places.forEach(place -> ports.release(MemberPorts.of(place.config)));
    }

    /** Stops all members. */
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
