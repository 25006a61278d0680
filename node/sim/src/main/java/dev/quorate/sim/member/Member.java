package dev.quorate.sim.member;

import dev.quorate.api.ShardMap;
import dev.quorate.log.LogDamagedException;
import dev.quorate.log.LogFullException;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.Membership;
import dev.quorate.raft.Message;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.RaftConfig;
import dev.quorate.raft.RaftStatus;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.move.ShardCopy;
import dev.quorate.server.proto.ExportChunk;
import dev.quorate.server.proto.ExportedChunk;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.SnapshotPosition;
import dev.quorate.store.RowsView;
import dev.quorate.store.ScrubResult;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.ShardRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A replica: an identity and its disk, and a process while it is up. It crashes, comes back from its disk, and pauses. */
public final class Member {
    private static final long EPOCH_MILLIS = 1_000_000_000;

    private final Surroundings surroundings;
    private final RaftConfig config;
    private final MemberDisk disk;
    private final Consumer<Member> onDown;
    private final int clockSpeed;

    private Process process;
    private LogImage durableLog = new LogImage(0, 0);
    private HardState durableState = HardState.INITIAL;
    private long firstUnsyncedIndex = Long.MAX_VALUE;
    private SnapshotMeta unsyncedSnapshot;
    private int life;
    private boolean retired;
    private long clockOffsetMillis;
    private long pausedUntil;

    /** @param onDown told when the process has ended by itself: somebody should start it again */
    public Member(Surroundings surroundings, RaftConfig config, Membership membership, Consumer<Member> onDown) {
        this.surroundings = surroundings;
        this.config = config;
        this.onDown = onDown;
        this.disk = new MemberDisk(surroundings, membership);
        this.clockSpeed = surroundings.random.nextInt(-2, 3);
    }

    public UUID id() {
        return config.memberId();
    }

    /** The number of its group. */
    public int group() {
        return (int) id().getMostSignificantBits();
    }

    public boolean isUp() {
        return process != null;
    }

    public boolean isLeader() {
        return isUp() && status().role() == RaftStatus.Role.LEADER;
    }

    /** Whether it leads and has applied an entry of its own term: it then knows everything that was ever committed. */
    public boolean leadsSettled() {
        return isLeader() && applied().term() == status().term();
    }

    /** The shard map as applied, which is not always the newest; only while up. */
    public ShardMap map() {
        return process.store().map();
    }

    /** What the group knows of a shard, as applied; only while up. */
    public ShardRecord shard(int shard) {
        return process.store().shard(shard).record();
    }

    /** How often it started before. */
    public int life() {
        return life;
    }

    /** Its disk, or what is durable on it, is gone for good. */
    public boolean isLost() {
        return disk.isLost();
    }

    /** As of the last step; only while up. */
    public RaftStatus status() {
        return process.status();
    }

    /** What is applied; only while up. */
    public SnapshotMeta applied() {
        return process.store().applied();
    }

    /** The log as the core has it, durable or not; only while up. */
    public LogImage coreLog() {
        return process.coreLog();
    }

    /** Whether {@link #coreLog} has all that the core did: not in the middle of a turn. */
    public boolean coreLogIsCurrent() {
        return process.coreLogIsCurrent();
    }

    /** The log as a power failure would leave it at worst. */
    public LogImage durableLog() {
        return durableLog;
    }

    /** Term and vote as a power failure would leave them at worst. */
    public HardState durableState() {
        return durableState;
    }

    /** The first of the entries that were written but not synced when the process last ended: what is durable from there on may be replaced. */
    public long firstUnsyncedIndex() {
        return firstUnsyncedIndex;
    }

    /** The snapshot that was to take the log's place when the process last ended, or null: the log is the old one, or begins with it. */
    public SnapshotMeta unsyncedSnapshot() {
        return unsyncedSnapshot;
    }

    RaftConfig config() {
        return config;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    public MemberDisk disk() {
        return disk;
    }

    long pausedUntil() {
        return pausedUntil;
    }

    int tickMillis() {
        return Surroundings.TICK_MILLIS
                + clockSpeed * Surroundings.TICK_MILLIS * surroundings.pace.driftPerMille() / 2000;
    }

    /** Starts a process, unless there is one or the disk does not let it. */
    public void start() {
        if (isUp() || disk.isWiped() || retired) {
            return;
        }
        try {
            WriteAheadLog log = disk.openLog();
            process = Process.start(this, log);
            life++;
            surroundings.trace(this, () -> "started " + status());
            process.begin();
            nothingUnsynced();
        } catch (LogFullException e) {
            disk.processDied();
            down("cannot start: the disk is full");
        } catch (LogDamagedException e) {
            disk.processFailed(e, this);
            surroundings.trace(this, () -> "refuses its log: " + e.getMessage());
        } catch (IOException e) {
            halt(e);
        } catch (UncheckedIOException e) {
            halt(e.getCause());
        }
    }

    /** The process ended by a fault of its disk. */
    void halt(IOException cause) {
        disk.processFailed(cause, this);
        down("halts: " + cause.getMessage());
    }

    private void down(String why) {
        surroundings.trace(this, () -> why);
        if (process != null) {
            process.stop();
            process = null;
            surroundings.tell(observer -> observer.stopped(this));
        }
        pausedUntil = 0;
        onDown.accept(this);
    }

    /** kill -9: what it wrote stays in the page cache. */
    public void kill() {
        if (isUp()) {
            disk.processDied();
            down("is killed");
        }
    }

    /** What was not forced is lost, in part. */
    public void losePower() {
        if (isUp()) {
            disk.losePower();
            down("loses power");
        }
    }

    /** All of the disk is gone. Who comes in its place has a new identity. */
    public void wipe() {
        disk.wipe();
        kill();
    }

    /** Its group has removed it, and it is not needed any more. */
    public void retire() {
        retired = true;
        kill();
    }

    public boolean isRetired() {
        return retired;
    }

    /** The process stands still: clocks go on, messages wait. */
    public void pause(long millis) {
        surroundings.trace(this, () -> "pauses for " + millis);
        pausedUntil = surroundings.timeline.now() + millis;
    }

    /** What it was asked for meanwhile happens later, and its status is old. */
    public boolean isPaused() {
        return pausedUntil > surroundings.timeline.now();
    }

    /** The wall clock jumps, forward or back. */
    public void jumpClock(long millis) {
        clockOffsetMillis += millis;
    }

    /** The wall clock, which is not to be trusted. */
    public long wallClockMillis() {
        return EPOCH_MILLIS + surroundings.timeline.now() + clockOffsetMillis;
    }

    /** All of its faults are over, but for rot. */
    public void recover() {
        disk.recover();
        pausedUntil = 0;
        if (disk.isAboutToFail()) {
            losePower();
        }
    }

    void receive(Message message) {
        if (isUp()) {
            process.receive(message);
        }
    }

    /** A leader asks this member to bring another one a snapshot in its place. */
    public void deliverSnapshot(InstallSnapshot order, Consumer<Boolean> onEnd) {
        if (isUp()) {
            process.snapshots().deliver(order, onEnd);
        }
    }

    /** @param answer gets where to go on, or null: refused; it may never come */
    void takeSnapshotRequest(Request request, Consumer<SnapshotPosition> answer) {
        if (isUp()) {
            process.snapshots().take(request, answer);
        }
    }

    void reportUnreachable(UUID peer) {
        if (isUp()) {
            process.reportUnreachable(peer);
        }
    }

    /** A client's command. The reply may never come. */
    public void propose(Command command, Consumer<Reply> reply) {
        if (isUp()) {
            process.propose(command, reply);
        }
    }

    /** A client's linearizable read. The reply may never come. */
    public void read(int shard, String key, Consumer<Reply> reply) {
        if (isUp()) {
            process.read(shard, key, reply);
        }
    }

    /** The shard map, linearizably. The reply may never come. */
    public void readMap(Consumer<ShardMap> reply) {
        if (isUp()) {
            process.readMap(reply);
        }
    }

    /** A part of a shard that is exported for a move; only while up. Empty when it is not in that move's hands. */
    public Optional<ExportedChunk> export(ExportChunk wanted) {
        try (RowsView view = process.store().rowsView(wanted.getShard())) {
            return ShardCopy.read(
                    view,
                    wanted,
                    wanted.getMaxBytes(),
                    (now, own) -> ShardCopy.baseDigest(now, wanted.getShard(), own));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a simulation", e);
        }
    }

    /** As {@link #read}, from any member: one that does not lead asks its leader. */
    public void readThroughLeader(int shard, String key, Consumer<Reply> reply) {
        if (isUp()) {
            process.readThroughLeader(shard, key, reply);
        }
    }

    /**
     * An administrator asks the leader to change the group; whether that comes about is to be seen in {@link #status}.
     *
     * @param sound looked at when the request is handled: nobody wants a group any more that lost a majority of its disks meanwhile
     */
    public void proposeMembership(Membership target, Predicate<Membership> sound) {
        if (isUp()) {
            process.proposeMembership(target, sound);
        }
    }

    /** A digest that its replica took of a shard at an index, or null. */
    public ScrubResult scrub(long index) {
        return process.store().scrub(index).orElse(null);
    }

    /** An administrator asks the member to hand leadership over. */
    public void transferLeadership(UUID target) {
        if (isUp()) {
            process.transferLeadership(target);
        }
    }

    /** These were written, and are not durable yet. */
    void written(List<Entry> entries) {
        if (!entries.isEmpty()) {
            firstUnsyncedIndex = Math.min(firstUnsyncedIndex, entries.getFirst().index());
        }
    }

    /** The log is about to be replaced by this. */
    void replacing(SnapshotMeta snapshot) {
        unsyncedSnapshot = snapshot;
    }

    /** What was written is durable: {@link #durableLog} has it by now. */
    void synced(HardState state) {
        durableState = state;
        nothingUnsynced();
    }

    private void nothingUnsynced() {
        firstUnsyncedIndex = Long.MAX_VALUE;
        unsyncedSnapshot = null;
    }

    /** What a process found when it started. */
    void recovered(LogImage log, HardState state) {
        durableLog = log;
        durableState = state;
    }

    @Override
    public String toString() {
        return "member " + group() + "." + id().getLeastSignificantBits();
    }
}
