package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.Command;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients that send each increment again and again, in any order, late copies after their answers too, while the shard moves between two groups, members
 * crash, and sessions are evicted. Each increment adds a power of its own to the sum, so that the sum tells which were done and how often.
 */
class SessionModelTest {
    private static final int STEPS = 4000;
    private static final int CLIENTS = 3;
    private static final int OUTSTANDING_MAX = 5;

    private final Seed seed = Seed.of(SessionModelTest.class);
    private final Random random = seed.random();
    private final List<Group> groups = List.of(new Group(), new Group());
    private int owner;
    private long lastMove = 100;
    private long nowMillis = 1000;

    /** What was done, by the results that clients got: the sum after each increment, which no other has. */
    private final Map<Long, Increment> answered = new HashMap<>();

    private final List<Client> clients = new ArrayList<>();
    private final List<Increment> all = new ArrayList<>();
    private final List<Command> lateCopies = new ArrayList<>();
    private int replays;
    private int expiries;

    private final class Group {
        final MemoryStorage storage = new MemoryStorage(1 + random.nextInt(30));
        TestStore store = TestStore.open(storage, new ArrayList<>());
    }

    private enum Fate {
        OPEN,
        DONE,
        /** Its client may not know. */
        UNKNOWN
    }

    private static final class Increment {
        final Command command;
        Fate fate = Fate.OPEN;
        long result;
        boolean sent;

        Increment(Command command) {
            this.command = command;
        }
    }

    private final class Client {
        final ByteString id;
        long incarnation;
        long lastSequence;
        final Map<Long, Increment> outstanding = new HashMap<>();

        Client(int number) {
            byte[] bytes = new byte[16];
            Arrays.fill(bytes, (byte) number);
            id = ByteString.copyFrom(bytes);
        }

        void act() {
            if (incarnation == 0) {
                open();
            } else if (outstanding.size() < OUTSTANDING_MAX && random.nextInt(3) == 0) {
                long sequence = ++lastSequence;
                Increment increment = new Increment(attempt(sequence));
                outstanding.put(sequence, increment);
                all.add(increment);
            } else if (!outstanding.isEmpty()) {
                List<Long> sequences = new ArrayList<>(outstanding.keySet());
                send(sequences.get(random.nextInt(sequences.size())));
            }
        }

        private Command attempt(long sequence) {
            TreeSet<Long> waiting = new TreeSet<>(outstanding.keySet());
            waiting.add(sequence);
            return Commands.once(
                    Commands.call(id, incarnation, sequence, waiting.first()),
                    Commands.write(0, nowMillis, Commands.increment("sum", 1)));
        }

        private void open() {
            ApplyResult result = store().apply(Commands.openSession(0, id, nowMillis));
            if (result instanceof ApplyResult.SessionOpened(long opened)) {
                incarnation = opened;
            }
        }

        /** Sometimes the answer is lost. */
        private void send(long sequence) {
            Increment increment = outstanding.get(sequence);
            Command attempt = attempt(sequence).toBuilder().build();
            lateCopies.add(attempt);
            ApplyResult result = store().apply(attempt);
            boolean first = !increment.sent;
            increment.sent = true;
            switch (result) {
                case ApplyResult.Written(List<OperationResult> operations) -> {
                    long sum = operations.getFirst().number();
                    if (increment.fate == Fate.DONE) {
                        assertThat(sum).as(seed.replay()).isEqualTo(increment.result);
                        replays++;
                    }
                    increment.fate = Fate.DONE;
                    increment.result = sum;
                    Increment other = answered.put(sum, increment);
                    assertThat(other == null || other == increment)
                            .as(seed.replay())
                            .isTrue();
                    if (random.nextInt(3) > 0) {
                        outstanding.remove(sequence);
                    }
                }
                case ApplyResult.SessionExpired _ -> {
                    expiries++;
                    if (first) {
                        all.remove(increment); // it was sent once, and not done
                    } else if (increment.fate == Fate.OPEN) {
                        increment.fate = Fate.UNKNOWN;
                    }
                    outstanding.remove(sequence);
                    incarnation = outstanding.isEmpty() ? 0 : incarnation;
                }
                case ApplyResult.NotOwned _ -> increment.sent = !first;
                default -> throw new AssertionError(result);
            }
        }
    }

    private TestStore store() {
        return groups.get(owner).store;
    }

    @AfterEach
    void close() {
        groups.forEach(group -> group.store.close());
    }

    @Test
    void everyIncrementIsDoneOnceOrItsClientIsTold() {
        store().apply(Commands.createMap(1));
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client(i));
        }
        for (int step = 0; step < STEPS; step++) {
            nowMillis += random.nextInt(10);
            switch (random.nextInt(60)) {
                case 0 -> move();
                case 1 -> crash(groups.get(random.nextInt(2)));
                case 2 -> store().apply(Commands.evictSessions(0, nowMillis, 100 + random.nextInt(200)));
                case 3, 4, 5, 6 -> deliverLate();
                case 7 -> installOnAnother();
                default -> clients.get(random.nextInt(CLIENTS)).act();
            }
        }
        String stored = store().value("sum");
        long sum = stored == null ? 0 : Long.parseLong(stored);
        long done = all.stream().filter(i -> i.fate == Fate.DONE).count();
        long maybe = all.stream().filter(i -> i.sent && i.fate != Fate.DONE).count();
        assertThat(sum).as(seed.replay()).isBetween(done, done + maybe);
        assertThat(answered.keySet()).as(seed.replay()).allMatch(result -> result >= 1 && result <= sum);
        assertThat(replays).as(seed.replay()).isPositive();
        assertThat(expiries).as(seed.replay()).isPositive();
        assertThat(done).as(seed.replay()).isGreaterThan(STEPS / 10);
    }

    /** A copy of any attempt ever made; it may be done only if its client still waits for it. */
    private void deliverLate() {
        if (lateCopies.isEmpty()) {
            return;
        }
        Command late = lateCopies.get(random.nextInt(lateCopies.size()));
        boolean waits = clients.stream()
                .flatMap(client -> client.outstanding.values().stream())
                .anyMatch(increment -> sameWrite(increment.command, late));
        String before = store().value("sum");
        store().apply(late);
        if (!waits) {
            String after = store().value("sum");
            boolean givenUp = all.stream()
                    .anyMatch(increment -> increment.fate == Fate.UNKNOWN && sameWrite(increment.command, late));
            assertThat(after.equals(before) || givenUp).as(seed.replay()).isTrue();
        }
    }

    private static boolean sameWrite(Command a, Command b) {
        var one = a.getWrite().getSession();
        var other = b.getWrite().getSession();
        return one.getClientId().equals(other.getClientId())
                && one.getSequence() == other.getSequence()
                && one.getIncarnation() == other.getIncarnation();
    }

    private void crash(Group group) {
        if (random.nextInt(3) == 0) {
            group.store.store.flush();
        }
        List<dev.quorate.raft.Entry> log = group.store.log;
        group.storage.crash(random.nextBoolean());
        group.store = TestStore.open(group.storage, log);
        group.store.replay();
    }

    /** Another member of the owner goes on from a snapshot. */
    private void installOnAnother() {
        Group group = groups.get(owner);
        MemoryStorage.Image image = group.store.store.image();
        MemoryStorage other = new MemoryStorage();
        try (TestStore receiver = TestStore.open(other, group.store.log)) {
            receiver.store.install(image.meta(), () -> other.stage(image));
            assertThat(receiver.content()).as(seed.replay()).isEqualTo(group.store.content());
        }
    }

    private void move() {
        TestStore source = store();
        TestStore target = groups.get(1 - owner).store;
        long move = ++lastMove;
        assertThat(source.changes(Commands.freeze(0, move))).isTrue();
        assertThat(target.changes(Commands.beginImport(0, move))).isTrue();
        try (RowsView view = source.store.rowsView(0)) {
            long incarnation = source.record(0).getIncarnation();
            long number = 0;
            byte[] after = null;
            ShardChunk chunk;
            do {
                chunk = view.exportChunk(0, incarnation, after, 100);
                target.apply(
                        Commands.chunk(0, move, number++, target.record(0).getResumeAfter(), Row.unpack(chunk.rows())));
                after = chunk.last() ? null : PackedRows.lastKey(chunk.rows()).toByteArray();
            } while (!chunk.last());
            target.apply(Commands.completeImport(0, move, number, view.digest(0, incarnation), source.record(0)));
        }
        assertThat(target.changes(Commands.adopt(0, move))).as(seed.replay()).isTrue();
        assertThat(source.changes(Commands.release(0, move))).isTrue();
        owner = 1 - owner;
    }
}
