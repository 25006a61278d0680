package dev.quorate.raft;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.VoteResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * One member under test: a core with a log in memory, its driver in slow motion. Tests step it, let it work, and look at what it sent. The
 * random part of the election timeout is always 0.
 */
final class TestMember {
    static final UUID A = new UUID(0, 0xA);
    static final UUID B = new UUID(0, 0xB);
    static final UUID C = new UUID(0, 0xC);
    static final UUID D = new UUID(0, 0xD);
    static final UUID E = new UUID(0, 0xE);
    static final int ELECTION_TICKS = 10;
    static final int HEARTBEAT_TICKS = 2;

    final Raft raft;
    final MemoryLog log;
    final List<Entry> applied = new ArrayList<>();
    final List<Ready.ReadState> reads = new ArrayList<>();
    final List<Long> lostReads = new ArrayList<>();
    HardState hardState;
    private final List<Message> sent = new ArrayList<>();
    private final Deque<Ready> unpersisted = new ArrayDeque<>();

    TestMember(RaftConfig config, HardState hardState, Membership membership, MemoryLog log, long appliedIndex) {
        this.log = log;
        this.hardState = hardState;
        this.raft = new Raft(config, hardState, membership, appliedIndex, log, bound -> 0);
    }

    /** Member A of a group of these voters, in this term, with a log of entries of these terms. */
    static TestMember of(List<UUID> voters, long term, long... logTerms) {
        return of(config(), voters, new HardState(term, null), logTerms);
    }

    static TestMember of(RaftConfig config, List<UUID> voters, HardState hardState, long... logTerms) {
        return new TestMember(
                config, hardState, Membership.ofVoters(java.util.Set.copyOf(voters)), MemoryLog.ofTerms(logTerms), 0);
    }

    static RaftConfig config() {
        return RaftConfig.defaults(A, ELECTION_TICKS, HEARTBEAT_TICKS);
    }

    /** A follower of three in term 1 with nothing in its log. */
    static TestMember follower() {
        return of(List.of(A, B, C), 1);
    }

    TestMember step(Message message) {
        raft.step(message);
        return this;
    }

    TestMember tick(int ticks) {
        for (int i = 0; i < ticks; i++) {
            raft.tick();
        }
        return this;
    }

    /** Writes, sends and applies all there is. */
    TestMember run() {
        while (raft.hasReady()) {
            takeReady();
            persistAll();
        }
        return this;
    }

    /** Takes a ready and sends what may be sent at once, but does not write it yet. */
    Ready takeReady() {
        Ready ready = raft.ready();
        sent.addAll(ready.messages());
        reads.addAll(ready.reads());
        lostReads.addAll(ready.lostReads());
        unpersisted.add(ready);
        applied.addAll(ready.committed());
        if (!ready.committed().isEmpty()) {
            raft.applied(ready.committed().getLast().index());
        }
        return ready;
    }

    /** Writes the oldest ready that is not written. */
    void persistOne() {
        Ready ready = unpersisted.remove();
        if (ready.hardState() != null) {
            hardState = ready.hardState();
        }
        if (ready.snapshot() != null) {
            log.install(ready.snapshot());
        }
        log.append(ready.entries());
        sent.addAll(ready.messagesAfterPersist());
        raft.persisted(ready.number());
    }

    void persistAll() {
        while (!unpersisted.isEmpty()) {
            persistOne();
        }
    }

    /** What was sent since the last call, in order. */
    List<Message> sent() {
        List<Message> messages = List.copyOf(sent);
        sent.clear();
        return messages;
    }

    <M extends Message> List<M> sent(Class<M> type) {
        return sent().stream().filter(type::isInstance).map(type::cast).toList();
    }

    <M extends Message> List<M> sentTo(UUID peer, Class<M> type) {
        return sent(type).stream().filter(message -> message.to().equals(peer)).toList();
    }

    /** Makes the member leader of its next term; the votes and acknowledgements come from these voters. Nothing sent on the way is kept. */
    TestMember elect(UUID... supporters) {
        tick(ELECTION_TICKS).run();
        long term = raft.status().term() + 1;
        for (UUID supporter : supporters) {
            step(new VoteResponse(supporter, A, term, true, true));
        }
        run();
        for (UUID supporter : supporters) {
            step(new VoteResponse(supporter, A, term, true, false));
        }
        run();
        acknowledge(supporters);
        sent();
        return this;
    }

    /** These members hold all of the leader's log, durably. */
    TestMember acknowledge(UUID... members) {
        for (UUID member : members) {
            step(success(member, raft.status().lastIndex(), 0));
        }
        return run();
    }

    Message.AppendResponse success(UUID from, long index, long readContext) {
        return new Message.AppendResponse(from, A, raft.status().term(), true, index, 0, 0, readContext);
    }

    Message.AppendResponse refusal(UUID from, long index, long hintIndex, long hintTerm) {
        return new Message.AppendResponse(from, A, raft.status().term(), false, index, hintIndex, hintTerm, 0);
    }

    Raft.Proposal propose(String... commands) {
        return raft.propose(Arrays.stream(commands).map(String::getBytes).toList());
    }

    RaftStatus status() {
        return raft.status();
    }

    List<Long> logTerms() {
        return log.entries(log.firstIndex(), log.lastIndex() + 1, Integer.MAX_VALUE).stream()
                .map(Entry::term)
                .toList();
    }

    List<Long> appliedIndexes() {
        return applied.stream().map(Entry::index).toList();
    }

    static RequestVote requestVote(UUID from, long term, long lastLogIndex, long lastLogTerm) {
        return new RequestVote(from, A, term, lastLogIndex, lastLogTerm, false, false);
    }

    /** An append from B with entries of these terms. */
    static AppendEntries append(long term, long prevLogIndex, long prevLogTerm, long leaderCommit, long... terms) {
        List<Entry> entries = new ArrayList<>();
        for (long entryTerm : terms) {
            entries.add(new Entry(prevLogIndex + 1 + entries.size(), entryTerm, Entry.Type.COMMAND, new byte[0]));
        }
        return new AppendEntries(B, A, term, prevLogIndex, prevLogTerm, entries, leaderCommit, 0);
    }
}
