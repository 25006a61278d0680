package dev.quorate.server;

import static dev.quorate.server.BootstrapRules.check;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.BootstrapResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.PeerFault;
import dev.quorate.server.data.KeyValueStore;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.driver.Halt;
import dev.quorate.server.map.MapCopy;
import dev.quorate.server.proto.GroupRecord;
import dev.quorate.server.proto.JoinGroup;
import dev.quorate.server.transport.FaultSwitch;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.server.transport.PeerServer;
import dev.quorate.server.transport.Self;
import dev.quorate.server.transport.Sockets;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member. It listens to its peers from the start; everything else answers NOT_READY until the group is bootstrapped. Failures of requests are
 * {@link RequestException}. For any thread.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final NodeConfig config;
    private final DataDirectory directory;
    private final MapCopy map;
    private final MapMemory memory;
    private final Peers peers;
    private final PeerServer server;
    private final Member self;
    private final NodeMetrics metrics;
    private final Machine machine;
    private final Halt halt;
    private final KeyValueStore data = new NodeData(this::requestsOrNull);
    private final GroupAdmin admin;
    private final AtomicBoolean knowsRemoval = new AtomicBoolean();
    private volatile GroupRecord group;
    private volatile Replica replica;
    private volatile boolean leaving;
    private boolean closed;

    private Node(
            NodeConfig config,
            DataDirectory directory,
            MeterRegistry registry,
            Consumer<String> onFatal,
            Machine machine)
            throws IOException {
        this.config = config;
        this.directory = directory;
        this.machine = machine;
        this.map = new MapCopy(directory.rememberedMap());
        this.memory = new MapMemory(directory, map);
        this.admin = new GroupAdmin(map, () -> replica);
        this.halt = new Halt(config.name(), reason -> {
            onFatal.accept(reason);
            close();
        });
        this.metrics = new NodeMetrics(registry, config.groupId(), config.name());
        String memberId = directory.memberId().toString();
        Self identity = new Self(config.clusterId(), config.groupId(), memberId, config.token());
        this.peers = Peers.open(identity, "q" + config.groupId() + "-" + config.name(), machine.networkFaults());
        try {
            var service = new PeerService(map, () -> replica, this::join);
            this.server = PeerServer.listen(
                    identity,
                    service,
                    peers.sockets(),
                    config.bindHost(),
                    config.ports().peer());
        } catch (IOException e) {
            peers.close();
            metrics.close();
            memory.close();
            throw e;
        }
        this.self = Member.newBuilder()
                .setId(memberId)
                .setName(config.name())
                .setHost(config.host())
                .setPeerPort(server.port())
                .setRedisPort(config.ports().redis())
                .setGrpcPort(config.ports().grpc())
                .setAdminPort(config.ports().admin())
                .setHttpPort(config.ports().http())
                .build();
    }

    /** With metrics that nobody reads. */
    public static Node start(NodeConfig config) throws NodeStartException {
        return start(config, new SimpleMeterRegistry(), _ -> {});
    }

    /**
     * Starts a member on its data directory: a new one on an empty directory.
     *
     * @param onFatal told, in words, once, when the member has to stop because going on could lose data; a process exits then, else
     *     the node closes itself
     * @throws NodeStartException when the directory belongs to another member, is in use or damaged, or the peer port is taken
     */
    public static Node start(NodeConfig config, MeterRegistry registry, Consumer<String> onFatal)
            throws NodeStartException {
        return start(config, registry, onFatal, Machine.real());
    }

    static Node start(NodeConfig config, MeterRegistry registry, Consumer<String> onFatal, Machine machine)
            throws NodeStartException {
        DataDirectory directory = DataDirectory.open(config);
        Node node = null;
        try {
            node = new Node(config, directory, registry, onFatal, machine);
            Optional<GroupRecord> recorded = directory.group();
            if (recorded.isPresent()) {
                node.group = recorded.get();
                node.open(recorded.get());
            }
            LOG.info(
                    "event=node_started cluster={} group={} member={} id={} peer_port={} bootstrapped={}",
                    config.clusterId(),
                    config.groupId(),
                    config.name(),
                    node.self.getId(),
                    node.self.getPeerPort(),
                    recorded.isPresent());
            return node;
        } catch (IOException e) {
            closeFailed(node, directory);
            throw new NodeStartException("the node can't start: " + e.getMessage(), e);
        } catch (NodeStartException | RuntimeException e) {
            closeFailed(node, directory);
            throw e;
        }
    }

    private static void closeFailed(Node node, DataDirectory directory) {
        try {
            if (node != null) {
                node.close();
            } else {
                directory.close();
            }
        } catch (IOException e) {
            LOG.debug("closing after a failed start failed too", e);
        }
    }

    private void open(GroupRecord record) throws IOException, NodeStartException {
        List<PeerAddress> seeds = rootSeeds(record);
        Replica opened =
                new Replica(config, directory, self, record, seeds, map, peers, metrics, machine, halt, this::removed);
        replica = opened;
        opened.start();
        metrics.watch(opened);
    }

    private List<PeerAddress> rootSeeds(GroupRecord record) {
        List<PeerAddress> seeds = new ArrayList<>();
        record.getRootContactsList().forEach(m -> seeds.add(PeerAddress.of(MapCopy.ROOT_GROUP, m)));
        record.getFounding().getRootMembersList().forEach(m -> seeds.add(PeerAddress.of(MapCopy.ROOT_GROUP, m)));
        for (String peer : config.rootPeers()) {
            int colon = peer.lastIndexOf(':');
            seeds.add(new PeerAddress(
                    MapCopy.ROOT_GROUP, peer.substring(0, colon), Integer.parseInt(peer.substring(colon + 1))));
        }
        return seeds;
    }

    public NodeConfig config() {
        return config;
    }

    /** This member, with its addresses as announced. */
    public Member member() {
        return self;
    }

    /** The data of this member's group. */
    public KeyValueStore data() {
        return data;
    }

    /** What an administrator asks of this member's group. */
    public GroupAdmin admin() {
        return admin;
    }

    /** The node's network threads, for its ports; open as long as the node is. */
    public Sockets sockets() {
        return peers.sockets();
    }

    private KeyValueStore requestsOrNull() {
        Replica current = replica;
        return current == null ? null : current.requests();
    }

    /** Bootstrapped and caught up with its group. Stays so when no leader is known, since clients must be able to read why nothing works. */
    public boolean ready() {
        Replica current = replica;
        return current != null && !leaving && !halt.isHalted() && current.caughtUp();
    }

    public NodeDescription describe() {
        NodeDescription.Builder description = NodeDescription.newBuilder()
                .setClusterId(config.clusterId())
                .setGroupId(config.groupId())
                .setMember(self)
                .setReady(ready())
                .setMapEpoch(map.map().getEpoch())
                .setSoftwareVersion(softwareVersion())
                .setTrouble(trouble());
        Replica current = replica;
        if (current != null) {
            description.setBootstrapped(true);
            new ReplicaDescription(current).addTo(description);
        }
        return description.build();
    }

    /** Why the node is not ready or not well, in words. */
    private String trouble() {
        Replica current = replica;
        if (halt.isHalted()) {
            return "halted: " + halt.reason();
        }
        if (leaving) {
            return "shutting down";
        }
        return current == null ? "not bootstrapped" : current.trouble();
    }

    private static String softwareVersion() {
        String version = Node.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Makes this node one of the first members of its group. The very same set of members again is accepted, any other refused. */
    public synchronized BootstrapResponse bootstrap(BootstrapRequest request) {
        check(!closed && !leaving, "the node is stopping");
        boolean repeated = BootstrapRules.isRepeated(request, config, self.getId(), founding());
        boolean already =
                enter(repeated, GroupRecord.newBuilder().setFounding(request).build());
        if (!already) {
            LOG.info("event=bootstrapped member={} members=\"{}\"", config.name(), BootstrapRules.names(request));
        }
        return BootstrapResponse.newBuilder().setAlready(already).build();
    }

    /** Makes this node a member of a group that exists, at its leader's word. It gets a vote only by the group's decision. */
    synchronized void join(JoinGroup request) {
        check(!closed && !leaving, "the node is stopping");
        boolean repeated = BootstrapRules.isRepeated(request, config, self.getId(), founding());
        GroupRecord joined = GroupRecord.newBuilder()
                .setFounding(request.getFounding())
                .addAllContacts(request.getContactsList())
                .addAllRootContacts(request.getRootContactsList())
                .build();
        if (!enter(repeated, joined)) {
            LOG.info("event=joined member={} id={} group={}", config.name(), self.getId(), config.groupId());
        }
    }

    private BootstrapRequest founding() {
        return group == null ? null : group.getFounding();
    }

    /** True when there was nothing to do any more. */
    private boolean enter(boolean repeated, GroupRecord record) {
        if (repeated && replica != null) {
            return true;
        }
        try {
            if (!repeated) {
                directory.recordGroup(record);
                group = record; // from here on no other set of members is taken, even when opening fails
            }
            open(group);
        } catch (IOException | NodeStartException e) {
            throw RequestException.of(Error.Code.INTERNAL, Effect.UNKNOWN, "bootstrap failed: " + e.getMessage());
        }
        return false;
    }

    /** The group has removed this member, for certain: it stops, and its next start makes a new member of an empty directory. */
    private void removed(String how) {
        if (halt.isHalted() || knowsRemoval.getAndSet(true)) {
            return;
        }
        try {
            directory.markRemoved();
        } catch (IOException e) {
            halt.now("noting that the group removed this member failed", e);
            return;
        }
        LOG.warn(
                "event=member_removed member={} id={} group={} reason=\"{}\" action=\"the node stops; start it again:"
                        + " it then archives its data and waits, with a new id, to be added to its group\"",
                config.name(),
                self.getId(),
                config.groupId(),
                how);
        halt.leave("member " + self.getId() + " was removed from group " + config.groupId()
                + ": start the node again, and it waits, with a new id, to be added");
    }

    /** From now on the network between this node and its peers has these faults and no others; only in a process that was started for tests. */
    public void setNetworkFaults(List<PeerFault> faults) {
        FaultSwitch network = peers.sockets()
                .faults()
                .orElseThrow(() -> RequestException.of(
                        Error.Code.INVALID,
                        Effect.NOT_APPLIED,
                        "this node was not started for tests, and so has no switch for faults of its network: start it with -D"
                                + FaultSwitch.PROPERTY + "=true, as quorate up --fault-switch does"));
        for (PeerFault fault : faults) {
            int delayMillis = fault.getDelayMillis();
            check(
                    delayMillis >= 0 && delayMillis <= FaultSwitch.DELAY_MILLIS_MAX,
                    "a delay is from 0 to " + FaultSwitch.DELAY_MILLIS_MAX + " ms, not " + delayMillis);
        }
        network.set(faults);
    }

    /**
     * Leaves in good order, as on SIGTERM: not ready any more, leadership handed over, requests under way answered, then closed; all within the grace,
     * or what is not done by then is left.
     */
    public void shutdown(Duration grace) {
        long deadlineNanos = System.nanoTime() + grace.toNanos();
        leaving = true;
        Replica current = replica;
        if (current != null) {
            try {
                Optional<UUID> successor = current.leads() ? current.successor() : Optional.empty();
                if (successor.isPresent()) {
                    current.transferLeadership(successor.get(), grace.dividedBy(2));
                }
                current.requests().awaitQuiet(Duration.ofNanos(deadlineNanos - System.nanoTime()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        close();
    }

    /**
     * Stops at once; what is under way is answered with effect UNKNOWN where it may still take effect. An interrupt that is pending waits until the
     * end: it would leave the node half closed.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        leaving = true;
        boolean interrupted = Thread.interrupted();
        try {
            server.close();
            if (replica != null) {
                replica.stop();
            }
        } catch (IOException e) {
            LOG.warn("event=close_failed member={} reason=\"{}\"", config.name(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            peers.close();
            metrics.close();
            memory.close();
            try {
                directory.close();
            } catch (IOException e) {
                LOG.warn("event=unlock_failed member={} reason=\"{}\"", config.name(), e.getMessage());
            }
        }
        LOG.info("event=node_stopped member={}", config.name());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
