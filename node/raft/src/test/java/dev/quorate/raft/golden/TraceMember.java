package dev.quorate.raft.golden;

import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipCodec;
import dev.quorate.raft.MemoryLog;
import dev.quorate.raft.Message;
import dev.quorate.raft.Raft;
import dev.quorate.raft.RaftConfig;
import dev.quorate.raft.RaftStatus;
import dev.quorate.raft.Ready;
import dev.quorate.raft.SnapshotMeta;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One member of a trace: a core, its disk and its state machine. The random part of its election timeout is always 0. */
final class TraceMember {
    private final RaftConfig config;
    private final List<String> output;
    private final Deque<Message> inFlight;
    private final Deque<Ready> unpersisted = new ArrayDeque<>();
    private final MemoryLog log;
    private HardState hardState;
    private Membership membership;
    private long appliedIndex;
    private boolean slowDisk;
    private int lives;
    private Raft raft;
    private RaftStatus told;

    TraceMember(
            RaftConfig config,
            HardState hardState,
            Membership membership,
            MemoryLog log,
            long appliedIndex,
            List<String> output,
            Deque<Message> inFlight) {
        this.config = config;
        this.hardState = hardState;
        this.membership = membership;
        this.log = log;
        this.appliedIndex = appliedIndex;
        this.output = output;
        this.inFlight = inFlight;
        start();
    }

    /** Each life has read ids of its own: {@code lives} in place of the random bits. */
    void start() {
        lives++;
        raft = new Raft(
                config, hardState, membership, appliedIndex, log, bound -> bound == Integer.MAX_VALUE ? lives : 0);
        told = raft.status();
    }

    void crash() {
        raft = null;
        unpersisted.clear();
    }

    /** A hint that changes nothing at once. */
    void connectionLost(UUID peer) {
        raft.connectionLost(peer);
    }

    UUID id() {
        return config.memberId();
    }

    boolean isUp() {
        return raft != null;
    }

    String name() {
        return Words.name(config.memberId());
    }

    MemoryLog log() {
        return log;
    }

    void slowDisk(boolean slow) {
        slowDisk = slow;
        if (!slow) {
            act("writes", core -> persist(Integer.MAX_VALUE));
        }
    }

    /** Acts on the core, then tells what came of it. */
    void act(String cause, Consumer<Raft> action) {
        output.add(name() + " " + cause);
        action.accept(raft);
        List<String> done = new ArrayList<>();
        do {
            while (raft.hasReady()) {
                handle(raft.ready(), done);
            }
            if (!slowDisk) {
                persist(Integer.MAX_VALUE, done);
            }
        } while (raft.hasReady());
        tellChanges();
        output.addAll(done);
    }

    void persist(int count) {
        List<String> done = new ArrayList<>();
        persist(count, done);
        output.addAll(done);
    }

    private void persist(int count, List<String> done) {
        for (int i = 0; i < count && !unpersisted.isEmpty(); i++) {
            Ready ready = unpersisted.poll();
            if (ready.hardState() != null) {
                hardState = ready.hardState();
            }
            if (ready.snapshot() != null) {
                log.install(ready.snapshot());
                appliedIndex = ready.snapshot().index();
                membership = ready.snapshot().membership();
                done.add("  installs the snapshot at " + appliedIndex);
            }
            log.append(ready.entries());
            ready.messagesAfterPersist().forEach(message -> send(message, done));
            raft.persisted(ready.number());
        }
    }

    private void handle(Ready ready, List<String> done) {
        ready.messages().forEach(message -> send(message, done));
        if (ready.mustPersist()) {
            unpersisted.add(ready);
        }
        if (!ready.committed().isEmpty()) {
            done.add("  applies " + Words.of(ready.committed()));
            for (Entry entry : ready.committed()) {
                appliedIndex = entry.index();
                if (entry.type() == Entry.Type.MEMBERSHIP) {
                    membership = MembershipCodec.decode(entry.data());
                }
            }
            raft.applied(appliedIndex);
        }
        ready.reads().forEach(read -> done.add("  read " + read.requestId() + " may be served at " + read.index()));
        ready.lostReads().forEach(read -> done.add("  read " + read + " is lost"));
    }

    private void send(Message message, List<String> done) {
        inFlight.add(message);
        done.add("  -> " + Words.of(message));
    }

    private void tellChanges() {
        RaftStatus now = raft.status();
        if (now.role() != told.role() || now.term() != told.term() || !Objects.equals(now.leader(), told.leader())) {
            output.add("  is " + role(now) + " in term " + now.term());
        }
        if (!now.membership().equals(told.membership())) {
            output.add("  group is " + Words.of(now.membership()));
        }
        if (now.commitIndex() != told.commitIndex()) {
            output.add("  commits " + now.commitIndex());
        }
        told = now;
    }

    private static String role(RaftStatus status) {
        String role = status.role().name().toLowerCase().replace('_', '-');
        return status.role() == RaftStatus.Role.FOLLOWER ? role + " of " + Words.name(status.leader()) : role;
    }

    /** A snapshot at this index, as the member's driver would have it at the end of its stream. */
    Message.InstallSnapshot snapshot(UUID receiver, long index) {
        SnapshotMeta meta = new SnapshotMeta(index, log.term(index), membership);
        return new Message.InstallSnapshot(config.memberId(), receiver, told.term(), meta);
    }

    String status() {
        if (!isUp()) {
            return name() + " is down";
        }
        RaftStatus status = raft.status();
        String progress = status.progress().entrySet().stream()
                .map(peer ->
                        " " + Words.name(peer.getKey()) + ":" + peer.getValue().matchIndex() + "<"
                                + peer.getValue().nextIndex() + (peer.getValue().snapshotting() ? " snapshot" : ""))
                .collect(Collectors.joining());
        return name() + " is " + role(status) + " in term " + status.term() + ", group " + Words.of(status.membership())
                + ", commit " + status.commitIndex() + ", " + logTerms()
                + (progress.isEmpty() ? "" : ", peers" + progress);
    }

    /** The terms along its durable log. */
    String logTerms() {
        String start = log.firstIndex() == 1 ? "" : " after " + (log.firstIndex() - 1);
        return "log" + start + " "
                + entries().stream()
                        .map(entry -> String.valueOf(entry.term()))
                        .collect(Collectors.joining(" ", "(", ")"));
    }

    List<Entry> entries() {
        return log.entries(log.firstIndex(), log.lastIndex() + 1, Integer.MAX_VALUE);
    }
}
