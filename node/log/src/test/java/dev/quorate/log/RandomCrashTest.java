package dev.quorate.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.LogView;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Random use of the log, with crashes at any disk operation, against a model: what was synced is there, what is there is a prefix of what was
 * appended, and no crash looks like damage. A failure prints the command that replays its seed; {@code -Dquorate.runs=N} sets how many seeds are
 * tried.
 */
class RandomCrashTest {
    private static final int RUNS = Integer.getInteger("quorate.runs", 150);
    private static final int STEPS = 300;

    @Test
    void whatWasSyncedIsThereAfterAnyCrash() {
        Long given = Long.getLong("quorate.seed");
        new Random()
                .longs(given == null ? RUNS : 1, 0, 1L << 40)
                .map(seed -> given == null ? seed : given)
                .forEach(seed -> {
                    try {
                        new Run(seed).run();
                    } catch (IOException | RuntimeException | AssertionError e) {
                        throw new AssertionError(
                                "seed " + seed + "; replay with: ./mvnw -pl node/log -am test -Dtest=RandomCrashTest"
                                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dquorate.seed=" + seed,
                                e);
                    }
                });
    }

    /** What a log holds; compared by value. */
    private record State(HardState hardState, SnapshotMeta base, List<Entry> entries) {
        static final State EMPTY = new State(HardState.INITIAL, new SnapshotMeta(0, 0, Membership.NONE), List.of());

        static State of(WriteAheadLog log) {
            List<Entry> entries = new ArrayList<>();
            while (log.firstIndex() + entries.size() <= log.lastIndex()) {
                entries.addAll(log.entries(log.firstIndex() + entries.size(), log.lastIndex() + 1, 1 << 14));
            }
            return new State(log.hardState(), log.snapshotMeta(), entries);
        }

        long lastIndex() {
            return base.index() + entries.size();
        }

        State with(HardState newHardState) {
            return new State(newHardState, base, entries);
        }

        State with(Entry entry) {
            List<Entry> more = new ArrayList<>(entries);
            more.add(entry);
            return new State(hardState, base, more);
        }

        State truncated(long lastKept) {
            return new State(hardState, base, entries.subList(0, (int) (lastKept - base.index())));
        }

        State compacted(SnapshotMeta newBase) {
            return new State(
                    hardState, newBase, entries.subList((int) (newBase.index() - base.index()), entries.size()));
        }

        State reset(SnapshotMeta newBase) {
            return new State(hardState, newBase, List.of());
        }
    }

    private static final class Run {
        private final Random random;
        private final SimulatedDisk disk;
        private final LogOptions options;
        private WriteAheadLog log;
        private long term = 1;
        /** Every state since the last sync, that one first: after a power loss the log is in one of them. */
        private List<State> possible = new ArrayList<>(List.of(State.EMPTY));

        Run(long seed) {
            random = new Random(seed);
            disk = new SimulatedDisk(seed);
            options = new LogOptions(LogOptions.MIN_SEGMENT_SIZE_BYTES, random.nextInt(8000), random.nextInt(3));
        }

        void run() throws IOException {
            log = WriteAheadLog.open(disk.open(), options);
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(40) == 0) {
                    disk.losePowerAfter(1 + random.nextInt(12));
                }
                try {
                    step();
                } catch (LogFullException e) {
                    assertThat(State.of(log)).isEqualTo(possible.getLast());
                } catch (LogDamagedException e) {
                    throw e;
                } catch (IOException e) {
                    // As after a failed fsync: the page cache may hold what the disk does not.
                    crash(random.nextBoolean(), possible);
                }
            }
            crash(random.nextBoolean());
        }

        private void step() throws IOException {
            switch (random.nextInt(30)) {
                case 0 -> crash(true);
                case 1 -> crash(false);
                case 2 -> reopen();
                case 3 -> compact();
                case 4 -> reset();
                case 5 -> disk.failWriteAsFullAfter(1 + random.nextInt(4));
                case 6 -> disk.failForceAfter(1 + random.nextInt(4));
                case 7, 8, 9, 10, 11, 12, 13, 14 -> sync();
                default -> append();
            }
        }

        private void sync() throws IOException {
            log.sync();
            settle(possible.getLast());
        }

        private void settle(State state) {
            possible = new ArrayList<>(List.of(state));
        }

        private void append() throws IOException {
            State state = possible.getLast();
            List<State> later = new ArrayList<>();
            HardState hardState = null;
            if (random.nextInt(3) == 0) {
                term += random.nextInt(2);
                hardState = new HardState(term, random.nextBoolean() ? null : new UUID(1, random.nextInt(5)));
                later.add(state = state.with(hardState));
            }
            long first = state.lastIndex() + 1;
            int count = random.nextInt(8);
            if (count > 0 && !state.entries().isEmpty() && random.nextInt(6) == 0) {
                term++;
                first -= 1 + random.nextInt(Math.min(state.entries().size(), 20));
                later.add(state = state.truncated(first - 1));
            }
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Entry entry = new Entry(first + i, term, Entry.Type.COMMAND, data());
                entries.add(entry);
                later.add(state = state.with(entry));
            }
            int before = possible.size();
            possible.addAll(later);
            try {
                log.append(hardState, entries);
            } catch (LogFullException e) {
                possible.subList(before, possible.size()).clear();
                throw e;
            }
        }

        private byte[] data() {
            byte[] data = new byte[random.nextInt(random.nextInt(20) == 0 ? 20_000 : 300)];
            if (random.nextBoolean()) {
                random.nextBytes(data);
            }
            return data;
        }

        private void compact() throws IOException {
            State state = possible.getLast();
            if (!state.entries().isEmpty()) {
                Entry last = state.entries().get(random.nextInt(state.entries().size()));
                replaceBase(state.compacted(new SnapshotMeta(last.index(), last.term(), membership())), null, false);
            }
        }

        private void reset() throws IOException {
            if (random.nextInt(4) == 0) {
                State state = possible.getLast();
                HardState hardState = random.nextBoolean() ? null : new HardState(++term, null);
                State with = hardState == null ? state : state.with(hardState);
                SnapshotMeta base = new SnapshotMeta(state.lastIndex() + random.nextInt(10), term, membership());
                replaceBase(with.reset(base), hardState, true);
            }
        }

        private Membership membership() {
            return random.nextBoolean()
                    ? Membership.NONE
                    : Membership.ofVoters(Set.of(new UUID(2, random.nextInt(9)), new UUID(3, 3)));
        }

        private void replaceBase(State after, HardState hardState, boolean reset) throws IOException {
            State before = possible.getLast();
            List<State> kept = new ArrayList<>(possible);
            if (hardState != null) {
                possible.add(before.with(hardState));
            }
            possible.add(after);
            try {
                if (reset) {
                    log.reset(after.base(), hardState);
                } else {
                    log.compact(after.base());
                }
            } catch (LogFullException e) {
                possible = kept;
                throw e;
            }
            settle(after);
        }

        private void reopen() throws IOException {
            log.close();
            settle(possible.getLast());
            try {
                log = WriteAheadLog.open(disk.open(), options);
                assertThat(State.of(log)).isEqualTo(possible.getLast());
            } catch (LogFullException e) {
                crash(false);
            }
        }

        private void crash(boolean powerLoss) throws IOException {
            crash(powerLoss, powerLoss ? possible : List.of(possible.getLast()));
        }

        /** Dies, and comes back; on the way up it may die again. */
        private void crash(boolean losesPower, List<State> expected) throws IOException {
            boolean powerLoss = losesPower;
            List<State> allowed = expected;
            boolean died = true;
            while (died) {
                if (powerLoss) {
                    disk.losePower();
                } else {
                    disk.killProcess();
                }
                if (random.nextInt(3) == 0) {
                    disk.losePowerAfter(1 + random.nextInt(8));
                }
                try {
                    log = WriteAheadLog.open(disk.open(), options);
                    died = false;
                } catch (LogDamagedException e) {
                    throw e;
                } catch (IOException e) {
                    powerLoss = random.nextBoolean();
                    allowed = possible;
                }
            }
            disk.losePowerAfter(Integer.MAX_VALUE);
            State found = State.of(log);
            assertThat(found).isIn(allowed);
            assertTermsAreKnown(log);
            settle(found);
            term = Math.max(term, found.hardState().term()) + 1;
        }

        private static void assertTermsAreKnown(LogView log) {
            for (Entry entry : log.entries(log.firstIndex(), log.lastIndex() + 1, Integer.MAX_VALUE)) {
                assertThat(log.term(entry.index())).isEqualTo(entry.term());
            }
        }
    }
}
