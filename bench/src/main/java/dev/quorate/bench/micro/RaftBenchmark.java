package dev.quorate.bench.micro;

import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.LogView;
import dev.quorate.raft.Membership;
import dev.quorate.raft.Message;
import dev.quorate.raft.Raft;
import dev.quorate.raft.RaftConfig;
import dev.quorate.raft.Ready;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A leader of three whose followers hold everything at once; disk and network cost nothing. */
@State(Scope.Thread)
public class RaftBenchmark {
    private static final UUID SELF = new UUID(0, 1);
    private static final List<UUID> FOLLOWERS = List.of(new UUID(0, 2), new UUID(0, 3));
    private static final int ELECTION_TICKS = 10;

    private final List<byte[]> commands = Batch.commands();
    private final EndOfLog log = new EndOfLog();
    private Raft raft;
    private long requestId;

    /** A log whose entries nobody asks for: the core keeps those that are not everywhere yet. */
    private static final class EndOfLog implements LogView {
        private long lastIndex;
        private long term;

        @Override
        public long firstIndex() {
            return lastIndex + 1;
        }

        @Override
        public long lastIndex() {
            return lastIndex;
        }

        @Override
        public long term(long index) {
            return index == 0 ? 0 : term;
        }

        @Override
        public List<Entry> entries(long from, long to, int maxBytes) {
            throw new CompactedException(from, firstIndex());
        }

        private void append(List<Entry> entries) {
            if (!entries.isEmpty()) {
                lastIndex = entries.getLast().index();
                term = entries.getLast().term();
            }
        }
    }

    @Setup
    public void elect() {
        raft = new Raft(
                RaftConfig.defaults(SELF, ELECTION_TICKS, 2),
                HardState.INITIAL,
                Membership.ofVoters(Set.of(SELF, FOLLOWERS.getFirst(), FOLLOWERS.getLast())),
                0,
                log,
                bound -> 0);
        for (int i = 0; i < ELECTION_TICKS; i++) {
            raft.tick();
        }
        drain();
        long term = raft.status().term() + 1;
        raft.step(new Message.VoteResponse(FOLLOWERS.getFirst(), SELF, term, true, true));
        drain();
        raft.step(new Message.VoteResponse(FOLLOWERS.getFirst(), SELF, term, true, false));
        drain();
    }

    /** Proposal to commit: propose, replicate, both followers' answers, own disk, commit, applied. */
    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public int replicate() {
        raft.propose(commands);
        return drain();
    }

    /** From the request to the index that may be read at. */
    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public int readIndex() {
        for (int i = 0; i < Batch.SIZE; i++) {
            raft.readIndex(++requestId);
        }
        return drain();
    }

    /** Does what a driver does, until there is nothing more to do. Returns how many entries were committed and reads confirmed. */
    private int drain() {
        int done = 0;
        while (raft.hasReady()) {
            Ready ready = raft.ready();
            log.append(ready.entries());
            if (ready.mustPersist()) {
                raft.persisted(ready.number());
            }
            answer(ready.messages());
            answer(ready.messagesAfterPersist());
            if (!ready.committed().isEmpty()) {
                raft.applied(ready.committed().getLast().index());
            }
            done += ready.committed().size() + ready.reads().size();
        }
        return done;
    }

    private void answer(List<Message> messages) {
        for (Message message : messages) {
            if (message instanceof Message.AppendEntries append) {
                long index = append.entries().isEmpty()
                        ? append.prevLogIndex()
                        : append.entries().getLast().index();
                raft.step(new Message.AppendResponse(
                        append.to(), SELF, append.term(), true, index, 0, 0, append.readContext()));
            }
        }
    }
}
