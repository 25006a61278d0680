package dev.quorate.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.LogView.CompactedException;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log on a real disk: what is appended is there, now and after it is opened again. */
class WriteAheadLogTest {
    static final LogOptions SMALL = new LogOptions(LogOptions.MIN_SEGMENT_SIZE_BYTES, 4 << 10, 2);

    @TempDir
    Path directory;

    static Entry entry(long index, long term, int sizeBytes) {
        byte[] data = new byte[sizeBytes];
        Arrays.fill(data, (byte) (index * 31 + term));
        return new Entry(index, term, Entry.Type.COMMAND, data);
    }

    static List<Entry> entries(long from, long to, long term, int sizeBytes) {
        List<Entry> entries = new ArrayList<>();
        for (long index = from; index <= to; index++) {
            entries.add(entry(index, term, sizeBytes));
        }
        return entries;
    }

    private WriteAheadLog open() throws IOException {
        return WriteAheadLog.open(directory, SMALL);
    }

    private static List<Entry> all(WriteAheadLog log) {
        return log.entries(log.firstIndex(), log.lastIndex() + 1, Integer.MAX_VALUE);
    }

    @Test
    void aNewLogIsEmpty() throws IOException {
        try (WriteAheadLog log = open()) {
            assertThat(log.hardState()).isEqualTo(HardState.INITIAL);
            assertThat(log.snapshotMeta()).isEqualTo(new SnapshotMeta(0, 0, Membership.NONE));
            assertThat(log.firstIndex()).isEqualTo(1);
            assertThat(log.lastIndex()).isZero();
            assertThat(log.term(0)).isZero();
            assertThat(log.entries(1, 1, 100)).isEmpty();
        }
    }

    @Test
    void entriesAndHardStateAreThereAfterReopening() throws IOException {
        HardState hardState = new HardState(7, new UUID(1, 2));
        List<Entry> entries = List.of(
                new Entry(1, 1, Entry.Type.EMPTY, new byte[0]),
                new Entry(2, 1, Entry.Type.MEMBERSHIP, new byte[] {1, 2, 3}),
                entry(3, 7, 1000));
        try (WriteAheadLog log = open()) {
            log.append(hardState, entries);
            log.sync();
            assertThat(all(log)).isEqualTo(entries);
        }
        try (WriteAheadLog log = open()) {
            assertThat(log.hardState()).isEqualTo(hardState);
            assertThat(all(log)).isEqualTo(entries);
            assertThat(log.term(2)).isEqualTo(1);
            assertThat(log.term(3)).isEqualTo(7);
            log.append(new HardState(8, null), List.of());
        }
        try (WriteAheadLog log = open()) {
            assertThat(log.hardState()).isEqualTo(new HardState(8, null));
        }
    }

    @Test
    void readingStopsAtTheBytesAskedForButGivesOneEntryAtLeast() throws IOException {
        try (WriteAheadLog log = open()) {
            log.append(null, entries(1, 300, 1, 100));
            assertThat(log.entries(1, 301, 0)).hasSize(1);
            assertThat(log.entries(1, 301, 5 * 132)).hasSize(5);
            assertThat(log.entries(1, 301, 6 * 132 - 1)).hasSize(5);
            assertThat(log.entries(10, 12, 10_000)).isEqualTo(entries(10, 11, 1, 100));
            assertThat(log.entries(295, 301, 132)).hasSize(1);
            assertThat(log.entries(1, 301, 1 << 20)).isEqualTo(entries(1, 300, 1, 100));
        }
    }

    @Test
    void aConflictingTailIsCut() throws IOException {
        try (WriteAheadLog log = open()) {
            log.append(null, entries(1, 400, 1, 100));
            log.append(null, entries(201, 210, 2, 50));
            assertThat(log.lastIndex()).isEqualTo(210);
            assertThat(log.term(200)).isEqualTo(1);
            assertThat(log.term(201)).isEqualTo(2);
            assertThat(log.entries(200, 202, 10_000)).containsExactly(entry(200, 1, 100), entry(201, 2, 50));
            log.append(null, entries(1, 3, 3, 10));
            assertThat(all(log)).isEqualTo(entries(1, 3, 3, 10));
        }
        try (WriteAheadLog log = open()) {
            assertThat(all(log)).isEqualTo(entries(1, 3, 3, 10));
        }
    }

    @Test
    void compactionGivesSegmentsBackAndKeepsTheBase() throws IOException {
        SnapshotMeta base = new SnapshotMeta(350, 1, Membership.ofVoters(Set.of(new UUID(3, 4))));
        try (WriteAheadLog log = open()) {
            log.append(new HardState(1, null), List.of());
            for (long index = 1; index <= 1000; index++) {
                log.append(null, List.of(entry(index, index <= 400 ? 1 : 2, 100)));
            }
            long before = log.sizeBytes();
            log.compact(base);
            assertThat(log.sizeBytes()).isLessThan(before - 40_000);
            assertThat(log.firstIndex()).isEqualTo(351);
            assertThat(log.term(350)).isEqualTo(1);
            assertThatThrownBy(() -> log.term(349)).isInstanceOf(CompactedException.class);
            assertThatThrownBy(() -> log.entries(350, 352, 100)).isInstanceOf(CompactedException.class);
            log.compact(new SnapshotMeta(10, 1, Membership.NONE));
            assertThat(log.snapshotMeta()).isEqualTo(base);
        }
        try (WriteAheadLog log = open()) {
            assertThat(log.snapshotMeta()).isEqualTo(base);
            assertThat(log.hardState()).isEqualTo(new HardState(1, null));
            assertThat(log.term(350)).isEqualTo(1);
            assertThat(log.entries(401, 1001, 1 << 20)).isEqualTo(entries(401, 1000, 2, 100));
            assertThat(log.entries(351, 401, 1 << 20)).isEqualTo(entries(351, 400, 1, 100));
        }
    }

    @Test
    void segmentsAreUsedAgainAndTheirNumberIsBounded() throws IOException {
        try (WriteAheadLog log = open()) {
            for (long index = 1; index <= 5000; index++) {
                log.append(null, List.of(entry(index, 1, 100)));
                if (index % 100 == 0) {
                    log.compact(new SnapshotMeta(index - 50, 1, Membership.NONE));
                    try (var files = Files.list(directory)) {
                        assertThat(files.count()).isLessThanOrEqualTo(7);
                    }
                }
            }
            assertThat(all(log)).isEqualTo(entries(4951, 5000, 1, 100));
        }
        try (WriteAheadLog log = open()) {
            assertThat(all(log)).isEqualTo(entries(4951, 5000, 1, 100));
        }
    }

    @Test
    void resetStartsAnewAfterASnapshot() throws IOException {
        SnapshotMeta base = new SnapshotMeta(5000, 9, Membership.ofVoters(Set.of(new UUID(3, 4))));
        try (WriteAheadLog log = open()) {
            log.append(new HardState(3, null), entries(1, 400, 1, 100));
            log.reset(base, null);
            assertThat(log.hardState()).isEqualTo(new HardState(3, null));
            assertThat(log.firstIndex()).isEqualTo(5001);
            assertThat(log.lastIndex()).isEqualTo(5000);
            assertThat(log.term(5000)).isEqualTo(9);
            log.append(null, entries(5001, 5010, 9, 10));
        }
        try (WriteAheadLog log = open()) {
            assertThat(log.snapshotMeta()).isEqualTo(base);
            assertThat(all(log)).isEqualTo(entries(5001, 5010, 9, 10));
            log.reset(new SnapshotMeta(5005, 10, Membership.NONE), new HardState(10, new UUID(5, 6)));
        }
        try (WriteAheadLog log = open()) {
            assertThat(log.lastIndex()).isEqualTo(5005);
            assertThat(log.hardState()).isEqualTo(new HardState(10, new UUID(5, 6)));
        }
    }

    @Test
    void anEntryMayBeLargerThanASegment() throws IOException {
        List<Entry> entries = List.of(entry(1, 1, 10), entry(2, 1, 4 << 20), entry(3, 1, 10), entry(4, 1, 1 << 20));
        try (WriteAheadLog log = open()) {
            for (Entry entry : entries) {
                log.append(null, List.of(entry));
            }
            assertThat(all(log)).isEqualTo(entries);
        }
        try (WriteAheadLog log = open()) {
            assertThat(all(log)).isEqualTo(entries);
            log.compact(new SnapshotMeta(4, 1, Membership.NONE));
            assertThat(log.sizeBytes()).isLessThan(2 << 20);
        }
    }

    @Test
    void entriesOutOfOrderAreRefusedAndNothingIsAppended() throws IOException {
        try (WriteAheadLog log = open()) {
            log.append(null, entries(1, 3, 1, 10));
            assertThatThrownBy(() -> log.append(null, entries(5, 6, 1, 10)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> log.append(null, List.of(entry(4, 1, 1), entry(6, 1, 1))))
                    .isInstanceOf(IllegalArgumentException.class);
            log.compact(new SnapshotMeta(2, 1, Membership.NONE));
            assertThatThrownBy(() -> log.append(null, entries(2, 2, 2, 10)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> log.compact(new SnapshotMeta(3, 2, Membership.NONE)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(all(log)).isEqualTo(entries(3, 3, 1, 10));
        }
    }

    @Test
    void aDirectoryIsOpenOnce() throws IOException {
        try (WriteAheadLog log = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(LogLockedException.class)
                    .hasMessageContaining(directory.toString());
            log.append(null, entries(1, 1, 1, 1));
        }
        open().close();
    }
}
