package dev.quorate.server.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Message;
import dev.quorate.store.StoreView;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Overload by clients costs clients alone. */
class InboxTest {
    private static final UUID LEADER = new UUID(1, 1);
    private static final UUID SELF = new UUID(1, 2);

    private final Inbox inbox = new Inbox(() -> {});
    private final Inbox.Turn turn = Inbox.Turn.empty();

    private static Message append(int entryBytes) {
        List<Entry> entries =
                entryBytes == 0 ? List.of() : List.of(new Entry(2, 1, Entry.Type.COMMAND, new byte[entryBytes]));
        return new Message.AppendEntries(LEADER, SELF, 1, 1, 1, entries, 1, 0);
    }

    private int offerProposals(int commandBytes) {
        int taken = 0;
        while (inbox.offer(new Proposal(new byte[commandBytes], _ -> {}))) {
            taken++;
        }
        return taken;
    }

    private static ReadTask read() {
        return new ReadTask() {
            @Override
            public void run(StoreView view) {}

            @Override
            public void notServed() {}
        };
    }

    @Test
    void overloadDropsNoHeartbeatAndDelaysItByOneTurnAtMost() {
        int waiting = offerProposals(10);
        while (inbox.offer(read())) {
            waiting++;
        }
        assertThat(inbox.offer(append(0))).isTrue();

        inbox.take(turn);
        assertThat(turn.messages()).containsExactly(append(0));
        assertThat(turn.proposals().size() + turn.reads().size()).isPositive().isLessThan(waiting / 8);

        turn.clear();
        assertThat(inbox.offer(append(0))).isTrue();
        inbox.take(turn);
        assertThat(turn.messages()).hasSize(1);
    }

    @Test
    void proposalsAreBoundedInNumberAndRefusedAtOnce() {
        int taken = offerProposals(1);
        inbox.take(turn);
        assertThat(offerProposals(1)).isEqualTo(turn.proposals().size()).isLessThan(taken);
    }

    @Test
    void proposalsAreBoundedInBytes() {
        int megabyte = 1 << 20;
        int taken = offerProposals(megabyte);
        assertThat(taken).isEqualTo(32);
        assertThat(inbox.offer(new Proposal(new byte[1], _ -> {}))).isFalse();
        inbox.take(turn);
        assertThat(turn.proposals()).hasSize(4);
        assertThat(offerProposals(megabyte)).isEqualTo(4);
    }

    @Test
    void entriesThatWaitDropNoHeartbeat() {
        while (inbox.offer(append(1 << 20))) {}
        assertThat(inbox.offer(append(0))).isTrue();
    }

    @Test
    void offersThatRaceNeitherOverfillNorLeakRoom() throws InterruptedException {
        BoundedLane<byte[]> lane = new BoundedLane<>(100, 1_000, item -> item.length);
        for (int round = 0; round < 20; round++) {
            AtomicInteger taken = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int j = 0; j < 100; j++) {
                        if (lane.offer(new byte[20])) {
                            taken.incrementAndGet();
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(taken.get()).isBetween(1, 50);
            List<byte[]> drained = new ArrayList<>();
            lane.drainTo(drained, Integer.MAX_VALUE, Long.MAX_VALUE);
            assertThat(drained).hasSize(taken.get());
        }
        while (lane.offer(new byte[20])) {}
        List<byte[]> drained = new ArrayList<>();
        lane.drainTo(drained, Integer.MAX_VALUE, Long.MAX_VALUE);
        assertThat(drained).hasSize(50);
    }
}
