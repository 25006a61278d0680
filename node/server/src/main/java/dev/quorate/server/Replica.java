package dev.quorate.server;

import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.ChangeMembersResponse;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Member;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipProposal;
import dev.quorate.raft.Message;
import dev.quorate.raft.Raft;
import dev.quorate.raft.RaftConfig;
import dev.quorate.raft.RaftStatus;
import dev.quorate.server.disk.DiskSpace;
import dev.quorate.server.driver.Commands;
import dev.quorate.server.driver.DriverListener;
import dev.quorate.server.driver.Halt;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.map.GroupCalls;
import dev.quorate.server.map.LocalRoot;
import dev.quorate.server.map.MapCopy;
import dev.quorate.server.map.MapWatcher;
import dev.quorate.server.map.RemoteRoot;
import dev.quorate.server.map.Root;
import dev.quorate.server.move.MoveRunner;
import dev.quorate.server.move.ShardExport;
import dev.quorate.server.proto.GroupRecord;
import dev.quorate.server.proto.JoinGroup;
import dev.quorate.server.requests.Expirer;
import dev.quorate.server.requests.Requests;
import dev.quorate.server.requests.SteadyClock;
import dev.quorate.server.snapshot.SnapshotCourier;
import dev.quorate.server.snapshot.SnapshotReceiver;
import dev.quorate.server.snapshot.SnapshotSender;
import dev.quorate.server.snapshot.Throttle;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.server.transport.PeerCalls;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.ShardView;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import dev.quorate.store.WriteStalls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of one group: its log, its state machine, and all that works on them. Exists once the group is bootstrapped. */
final class Replica implements DriverListener {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final int ELECTION_TICKS = 16;
    private static final int HEARTBEAT_TICKS = 7;
    private static final Duration SNAPSHOT_PATIENCE = Duration.ofSeconds(30);

    private final UUID memberId;
    private final int groupId;
    private final String name;
    private final MemberBook members;
    private final MapCopy map;
    private final ReplicaStorage storage;
    private final Store store;
    private final DiskSpace space;
    private final GroupLinks links;
    private final RaftDriver driver;
    private final Commands commands;
    private final Requests requests;
    private final Root root;
    private final SnapshotReceiver snapshots;
    private final SnapshotCourier courier;
    private final ShardExport export;
    private final MoveRunner moves;
    private final Expirer expirer;
    private final LogCompactor compactor;
    private final MapWatcher watcher;
    private final Scrubber scrubber;
    private final GroupRecord record;
    private final PeerCalls calls;
    private final Consumer<String> onRemoved;
    /** Has once, since the start, applied all that its leader had committed before. */
    private volatile boolean caughtUp;

    /**
     * @param self with its addresses as announced
     * @param record how it became part of the group
     * @param seeds where members of the root group may be found
     * @throws IOException when the disk can't be used
     * @throws NodeStartException when what is on the disk does not fit together
     */
    Replica(
            NodeConfig config,
            DataDirectory directory,
            Member self,
            GroupRecord record,
            List<PeerAddress> seeds,
            MapCopy map,
            Peers peers,
            NodeMetrics metrics,
            Machine machine,
            Halt halt,
            Consumer<String> onRemoved)
            throws IOException, NodeStartException {
        this.memberId = directory.memberId();
        this.groupId = config.groupId();
        this.name = "q" + config.groupId() + "-" + config.name();
        this.record = record;
        this.calls = peers.calls();
        this.map = map;
        this.onRemoved = onRemoved;
        this.space = new DiskSpace(
                directory.reserve(),
                config.limits().reserveBytes(),
                () -> machine.usableBytes().applyAsLong(config.dataDirectory()));
        this.storage = ReplicaStorage.open(directory, record.getFounding().getMembersList(), machine, config.limits());
        this.store = storage.store();
        WriteAheadLog log = storage.log();

        Raft raft = new Raft(
                RaftConfig.defaults(memberId, ELECTION_TICKS, HEARTBEAT_TICKS),
                log.hardState(),
                store.applied().membership(),
                store.applied().index(),
                log,
                new Random()::nextInt);
        this.members = new MemberBook(store, record.getContactsList(), log);
        this.links = new GroupLinks(peers.sockets(), peers.self(), onRemoved);
        this.courier = new SnapshotCourier(
                memberId,
                peers.calls(),
                new SnapshotSender(
                        peers.calls(),
                        store,
                        directory.snapshots().resolve("out"),
                        new Throttle(config.limits().snapshotBytesPerSecond()),
                        SNAPSHOT_PATIENCE,
                        metrics,
                        halt),
                links);
        this.snapshots = new SnapshotReceiver(
                memberId,
                directory.snapshots().resolve("in"),
                this::receiveSnapshot,
                () -> store.applied().index());
        var installation = new SnapshotInstallation(
                directory.installing(),
                log,
                store,
                snapshots,
                checkpoint -> this.driver().installInStore(checkpoint));
        this.driver = new RaftDriver(
                name,
                peers.sockets().consensus(),
                raft,
                log,
                store,
                links,
                installation,
                space,
                this,
                metrics,
                halt,
                config.tick(),
                ELECTION_TICKS);
        links.attach(driver, courier);

        SteadyClock clock = new SteadyClock(machine.wallNanos());
        this.commands = new Commands(driver);
        GroupCalls groups = new GroupCalls(peers.calls(), map, seeds);
        var limits = config.limits();
        this.root = isRoot() ? new LocalRoot(commands, store) : new RemoteRoot(groups, map);
        this.requests = new Requests(
                name,
                groupId,
                driver,
                store,
                map,
                members::find,
                limits.requests(),
                limits.requestBytes(),
                space,
                clock,
                metrics);
        this.export = new ShardExport(driver, commands, store, root, limits.moveBytesPerSecond());
        this.moves = new MoveRunner(
                name,
                groupId,
                driver,
                commands,
                store,
                map,
                root,
                groups,
                limits.concurrentImports(),
                limits.moveBytesPerSecond());
        this.expirer = new Expirer(name, driver, store, map, clock);
        this.compactor =
                new LogCompactor(name, log, store, driver, space, halt, limits.logBytes(), limits.logTailBytes());
        PeerAddress address = PeerAddress.of(groupId, self);
        this.watcher = new MapWatcher(name, peers.calls(), groups, map, address);
        this.scrubber = new Scrubber(name, this, store, peers.calls());
    }

    void start() {
        if (isRoot()) {
            map.offer(store.map());
        }
        map.listen(this::wake);
        links.update(members.all());
        driver.start();
        moves.start();
        expirer.start();
        compactor.start();
        watcher.start();
        scrubber.start();
    }

    private RaftDriver driver() {
        return driver;
    }

    boolean isRoot() {
        return groupId == MapCopy.ROOT_GROUP;
    }

    void receive(Message message) {
        driver.receive(message);
    }

    private void receiveSnapshot(Message.InstallSnapshot message, Consumer<Boolean> onDecision) {
        driver.receive(message, onDecision);
    }

    int groupId() {
        return groupId;
    }

    UUID memberId() {
        return memberId;
    }

    RaftStatus status() {
        return driver.status();
    }

    Membership appliedMembership() {
        return store.applied().membership();
    }

    /** See {@link RaftDriver#proposeMembership}. */
    CompletableFuture<MembershipProposal> proposeMembership(Membership target) {
        return driver.proposeMembership(target);
    }

    Scrubber scrubber() {
        return scrubber;
    }

    /** Adds, promotes or removes a member, on the leader. */
    ChangeMembersResponse changeMembers(ChangeMembersRequest request, Duration timeout) {
        JoinGroup.Builder invitation = JoinGroup.newBuilder()
                .setFounding(record.getFounding())
                .addAllContacts(members.all())
                .addAllRootContacts(map.members(MapCopy.ROOT_GROUP));
        return new MembershipChange(this, calls, invitation, timeout).carryOut(request);
    }

    void removeMember(UUID member, Duration timeout) {
        changeMembers(
                ChangeMembersRequest.newBuilder().setRemove(member.toString()).build(), timeout);
    }

    Commands commands() {
        return commands;
    }

    long appliedIndex() {
        return driver.appliedIndex();
    }

    long logFirstIndex() {
        return storage.log().firstIndex();
    }

    long logSizeBytes() {
        return storage.log().sizeBytes();
    }

    List<ShardView> shards() {
        try {
            return store.shards();
        } catch (StoreException e) {
            return List.of(); // closing
        }
    }

    Optional<WriteStalls> writeStalls() {
        try {
            return Optional.of(store.writeStalls());
        } catch (StoreException e) {
            return Optional.empty(); // closing
        }
    }

    Requests requests() {
        return requests;
    }

    Root root() {
        return root;
    }

    ShardExport export() {
        return export;
    }

    SnapshotCourier courier() {
        return courier;
    }

    SnapshotReceiver snapshots() {
        return snapshots;
    }

    MemberBook members() {
        return members;
    }

    /** The group's leader, or null when unknown. */
    Member leader() {
        UUID id = driver.status().leader();
        return id == null ? null : members.find(id);
    }

    /** Whom a leader would hand over to; empty unless leader of others. */
    Optional<UUID> successor() {
        return driver.successor();
    }

    boolean leads() {
        return driver.status().role() == RaftStatus.Role.LEADER;
    }

    /** Why this member is not well, in words; empty when it is. */
    String trouble() {
        if (!space.trouble().isEmpty()) {
            return space.trouble();
        }
        if (leader() == null) {
            return "no leader is known: no quorum, or an election is under way";
        }
        return caughtUp() ? "" : "catching up with the leader";
    }

    boolean caughtUp() {
        noteCaughtUp();
        return caughtUp;
    }

    private GroupLeader leaderOf(RaftStatus status) {
        return GroupLeader.newBuilder()
                .setGroupId(groupId)
                .setMemberId(status.leader().toString())
                .setTerm(status.term())
                .build();
    }

    private void noteCaughtUp() {
        if (!caughtUp && driver.caughtUp()) {
            caughtUp = true;
        }
    }

    private void wake() {
        requests.wake();
        moves.wake();
        synchronized (this) {
            notifyAll();
        }
    }

    @Override
    public void changed(RaftStatus status) {
        LOG.info(
                "event=role member={} role={} term={} leader={}",
                name,
                status.role(),
                status.term(),
                members.name(status.leader()));
        noteCaughtUp();
        if (status.leader() != null) {
            map.offerLeaders(List.of(leaderOf(status)));
        }
        if (status.role() == RaftStatus.Role.LEADER) {
            watcher.report(leaderOf(status));
        }
        wake();
    }

    @Override
    public void applied(ApplyResult result) {
        switch (result) {
            case ApplyResult.Shard _ -> wake();
            case ApplyResult.Map(MapChangeResult change) -> {
                map.offer(change.getMap());
                wake();
            }
            case ApplyResult.Members _ -> membersChanged();
            case ApplyResult.Nothing _ -> settled();
            case ApplyResult.Written _,
                    ApplyResult.NotOwned _,
                    ApplyResult.Rejected _,
                    ApplyResult.SessionOpened _,
                    ApplyResult.SessionExpired _,
                    ApplyResult.SessionFull _,
                    ApplyResult.SessionsEvicted _,
                    ApplyResult.Scrubbing _ -> {}
        }
    }

    /** A new term may have settled. */
    private void settled() {
        moves.wake();
        expirer.wake();
    }

    private void membersChanged() {
        members.refresh();
        links.update(members.all());
        if (members.isRemoved(memberId.toString())) {
            onRemoved.accept("the group has agreed on it");
        }
        wake();
    }

    @Override
    public void installed() {
        membersChanged();
        if (isRoot()) {
            map.offer(store.map());
        }
    }

    /** Asks for a hand-over, and waits until another member leads or the core gives up. */
    void transferLeadership(UUID target, Duration timeout) throws InterruptedException {
        driver.transferLeadership(target);
        await(
                status -> status.role() == RaftStatus.Role.LEADER
                        ? !driver.transferring()
                        : status.leader() != null && !status.leader().equals(memberId),
                timeout);
    }

    /** Waits for a status; false when it did not come in time. */
    synchronized boolean await(Predicate<RaftStatus> wanted, Duration timeout) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (!wanted.test(driver.status())) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
    }

    void stop() throws IOException, InterruptedException {
        watcher.close();
        scrubber.stop();
        moves.stop();
        expirer.stop();
        compactor.stop();
        driver.stop();
        requests.close();
        links.close();
        storage.close();
    }
}
