package dev.quorate.log;

import static dev.quorate.log.WriteAheadLogTest.SMALL;
import static dev.quorate.log.WriteAheadLogTest.entries;
import static dev.quorate.log.WriteAheadLogTest.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A torn tail is cut; any other damage is refused, and then nothing is changed. */
class DamageTest {
    private static final String FIRST = SegmentFiles.segmentName(0);
    private static final int DATA_BYTES = 24;
    private static final int ENTRY_FRAME_BYTES = (int) Frame.sizeBytes(Frame.ENTRY_BYTES + DATA_BYTES);

    private final SimulatedDisk disk = new SimulatedDisk(1);

    private WriteAheadLog open() throws IOException {
        return WriteAheadLog.open(disk.open(), SMALL);
    }

    private static List<Entry> all(WriteAheadLog log) {
        return log.entries(log.firstIndex(), log.lastIndex() + 1, Integer.MAX_VALUE);
    }

    private static int firstFrameBytes() {
        return (int) Frame.sizeBytes(FrameWriter.segmentBytes(LogState.fresh(0)));
    }

    /** Frames of every type but an end: synced are all but the last four entries, of which only the first two say so. */
    private int writeLog() throws IOException {
        WriteAheadLog log = open();
        log.append(new HardState(1, new UUID(1, 1)), entries(1, 4, 1, DATA_BYTES));
        log.append(null, entries(3, 6, 2, DATA_BYTES));
        log.compact(new SnapshotMeta(1, 1, Membership.NONE));
        log.append(null, entries(7, 8, 2, DATA_BYTES));
        log.sync();
        int durable = (int) log.sizeBytes();
        log.append(null, entries(9, 12, 2, DATA_BYTES));
        disk.killProcess();
        return durable;
    }

    @Test
    void aFlippedBitBelowTheDurableMarkIsRefused() throws IOException {
        int durable = writeLog();
        byte[] good = disk.bytes(FIRST);
        for (int at = 0; at < durable; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            disk.damage(FIRST, bad);
            LogDamagedException damage = catchThrowableOfType(LogDamagedException.class, this::open);
            assertThat(damage).as("bit flipped at %d", at).isNotNull();
            assertThat(damage.file()).endsWith(FIRST);
            assertThat(damage.offset()).isLessThanOrEqualTo(at).isGreaterThan(at - firstFrameBytes());
            assertThat(damage).hasMessageContaining("Rebuild this replica from its peers");
            assertThat(disk.bytes(FIRST)).isEqualTo(bad);
        }
    }

    @Test
    void aFlippedBitAboveTheDurableMarkCutsTheTail() throws IOException {
        int durable = writeLog();
        byte[] good = disk.bytes(FIRST);
        for (int at = durable; at < durable + 4 * ENTRY_FRAME_BYTES; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            disk.damage(FIRST, bad);
            int kept = (at - durable) / ENTRY_FRAME_BYTES;
            try (WriteAheadLog log = open()) {
                assertThat(log.lastIndex()).as("bit flipped at %d", at).isEqualTo(8 + kept);
            }
        }
    }

    @Test
    void aTailTornAnywhereIsCutAndStaysCut() throws IOException {
        int durable = writeLog();
        byte[] good = disk.bytes(FIRST);
        Random random = new Random(7);
        int lastFrame = durable + 3 * ENTRY_FRAME_BYTES;
        for (int at = lastFrame; at < lastFrame + ENTRY_FRAME_BYTES; at++) {
            byte[] zeros = good.clone();
            Arrays.fill(zeros, at, zeros.length, (byte) 0);
            byte[] garbage = good.clone();
            for (int i = at; i < garbage.length; i++) {
                garbage[i] = (byte) random.nextInt();
            }
            for (byte[] torn : List.of(Arrays.copyOf(good, at), zeros, garbage)) {
                disk.damage(FIRST, torn);
                try (WriteAheadLog log = open()) {
                    assertThat(log.lastIndex()).isEqualTo(11);
                    log.append(null, List.of(entry(12, 3, 5)));
                }
                try (WriteAheadLog log = open()) {
                    assertThat(log.entries(11, 13, 1000)).containsExactly(entry(11, 2, DATA_BYTES), entry(12, 3, 5));
                }
            }
        }
    }

    @Test
    void whatLiesBehindATornFrameNeverComesBack() throws IOException {
        int durable = writeLog();
        byte[] torn = disk.bytes(FIRST);
        Arrays.fill(torn, durable, durable + ENTRY_FRAME_BYTES, (byte) 0);
        disk.damage(FIRST, torn);
        WriteAheadLog log = open();
        assertThat(log.lastIndex()).isEqualTo(8);
        // With the mark of the opening these fill the place of entries 9 and 10 to the byte; then comes the old entry
        // 11, unharmed.
        log.append(null, entries(9, 10, 3, 8));
        assertThat(2 * ENTRY_FRAME_BYTES)
                .isEqualTo((int) (Frame.sizeBytes(0) + 2 * Frame.sizeBytes(Frame.ENTRY_BYTES + 8)));
        log.sync();
        disk.killProcess();
        try (WriteAheadLog again = open()) {
            assertThat(again.lastIndex()).isEqualTo(10);
            assertThat(again.term(10)).isEqualTo(3);
        }
    }

    @Test
    void aMissingSegmentIsRefused() throws IOException {
        WriteAheadLog log = open();
        for (long index = 1; index <= 800; index++) {
            log.append(null, List.of(entry(index, 1, 100)));
        }
        log.compact(new SnapshotMeta(300, 1, Membership.NONE));
        log.sync();
        disk.killProcess();
        List<String> segments =
                disk.names().stream().filter(SegmentFiles::isSegment).toList();
        assertThat(segments).hasSizeGreaterThan(4);
        for (String segment : segments) {
            byte[] bytes = disk.bytes(segment);
            disk.remove(segment);
            assertThatThrownBy(this::open)
                    .isInstanceOf(LogDamagedException.class)
                    .hasMessageContaining(segment + " at offset 0: the file is missing");
            disk.damage(segment, bytes);
        }
        assertThat(open().lastIndex()).isEqualTo(800);
    }

    @Test
    void aSegmentOfAnotherLogIsRefused() throws IOException {
        writeLog();
        byte[] foreign = disk.bytes(FIRST);
        SimulatedDisk other = new SimulatedDisk(2);
        WriteAheadLog log = WriteAheadLog.open(other.open(), SMALL);
        for (long index = 1; index <= 200; index++) {
            log.append(null, List.of(entry(index, 1, 100)));
        }
        other.killProcess();
        other.damage(FIRST, foreign);
        assertThatThrownBy(() -> WriteAheadLog.open(other.open(), SMALL)).isInstanceOf(LogDamagedException.class);
    }

    @Test
    void framesOfARecycledFilesEarlierUseAreNeverSeen() throws IOException {
        WriteAheadLog log = open();
        for (long index = 1; index <= 1000; index++) {
            log.append(null, List.of(entry(index, 1, 100)));
            log.compact(new SnapshotMeta(index, 1, Membership.NONE));
            if (index % 7 == 0) {
                disk.losePower();
                log = open();
                assertThat(log.lastIndex()).isEqualTo(index);
                assertThat(log.snapshotMeta().index()).isEqualTo(index);
            }
        }
    }

    @Test
    void anEntryThatRotsWhileTheLogIsOpenIsReportedWhenRead() throws IOException {
        WriteAheadLog log = WriteAheadLog.open(disk.open(), new LogOptions(SMALL.segmentSizeBytes(), 0, 0));
        log.append(null, entries(1, 3, 1, DATA_BYTES));
        disk.rot(FIRST, firstFrameBytes() + ENTRY_FRAME_BYTES + 50);
        assertThat(log.entries(1, 2, 1000)).isEqualTo(entries(1, 1, 1, DATA_BYTES));
        assertThatThrownBy(() -> all(log))
                .hasCauseInstanceOf(LogDamagedException.class)
                .hasMessageContaining(FIRST);
    }
}
