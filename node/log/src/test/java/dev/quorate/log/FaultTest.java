package dev.quorate.log;

import static dev.quorate.log.WriteAheadLogTest.SMALL;
import static dev.quorate.log.WriteAheadLogTest.entries;
import static dev.quorate.log.WriteAheadLogTest.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.HardState;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the log does when the disk fails or is full. */
class FaultTest {
    private final SimulatedDisk disk = new SimulatedDisk(1);

    private WriteAheadLog open() throws IOException {
        return WriteAheadLog.open(disk.open(), SMALL);
    }

    @Test
    void oneSyncCoversEverythingAppended() throws IOException {
        WriteAheadLog log = open();
        int forces = disk.forces;
        int writes = disk.writes;
        log.append(new HardState(1, null), entries(1, 10, 1, 10));
        log.append(null, entries(11, 20, 1, 10));
        log.sync();
        log.sync();
        assertThat(disk.forces - forces).isEqualTo(1);
        assertThat(disk.writes - writes).isEqualTo(2);
        disk.losePower();
        assertThat(open().lastIndex()).isEqualTo(20);
    }

    @Test
    void afterAFailedSyncEveryWriteFails() throws IOException {
        WriteAheadLog log = open();
        log.append(null, entries(1, 3, 1, 10));
        disk.failForceAfter(1);
        assertThatThrownBy(log::sync)
                .isInstanceOf(LogFailedException.class)
                .hasMessageContaining("restart the process");
        int forces = disk.forces;
        assertThatThrownBy(log::sync).isInstanceOf(LogFailedException.class);
        assertThatThrownBy(() -> log.append(null, entries(4, 4, 1, 10))).isInstanceOf(LogFailedException.class);
        assertThatThrownBy(() -> log.compact(new SnapshotMeta(1, 1, Membership.NONE)))
                .isInstanceOf(LogFailedException.class);
        assertThatThrownBy(() -> log.reset(new SnapshotMeta(9, 1, Membership.NONE), null))
                .isInstanceOf(LogFailedException.class);
        assertThatThrownBy(log::close).isInstanceOf(LogFailedException.class);
        assertThat(disk.forces).isEqualTo(forces);
    }

    @Test
    void whatAFailedSyncLeftInThePageCacheIsDurableOnceRecovered() throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            SimulatedDisk failing = new SimulatedDisk(seed);
            WriteAheadLog log = WriteAheadLog.open(failing.open(), SMALL);
            log.append(null, entries(1, 30, 1, 100));
            failing.failForceAfter(1);
            assertThatThrownBy(log::sync).isInstanceOf(LogFailedException.class);
            failing.killProcess();
            assertThat(WriteAheadLog.open(failing.open(), SMALL).lastIndex()).isEqualTo(30);
            failing.losePower();
            assertThat(WriteAheadLog.open(failing.open(), SMALL).lastIndex()).isEqualTo(30);
        }
    }

    @Test
    void aFullDiskRefusesAnAppendAsAWhole() throws IOException {
        WriteAheadLog log = open();
        log.append(new HardState(1, null), entries(1, 10, 1, 100));
        disk.limitSpace(100);
        assertThatThrownBy(() -> log.append(new HardState(2, null), entries(11, 200, 2, 100)))
                .isInstanceOf(LogFullException.class);
        assertThat(log.lastIndex()).isEqualTo(10);
        assertThat(log.hardState()).isEqualTo(new HardState(1, null));
        log.append(null, entries(11, 12, 1, 100));
        log.sync();
        disk.losePower();
        WriteAheadLog again = open();
        assertThat(again.entries(1, 13, 1 << 20)).isEqualTo(entries(1, 12, 1, 100));
        disk.unlimitSpace();
        again.append(null, entries(13, 200, 1, 100));
        assertThat(again.lastIndex()).isEqualTo(200);
    }

    @Test
    void anAppendThatFoundTheDiskFullHalfwayNeverComesBack() throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            SimulatedDisk full = new SimulatedDisk(seed);
            WriteAheadLog log = WriteAheadLog.open(full.open(), SMALL);
            log.append(null, entries(1, 10, 1, 100));
            full.failWriteAsFullAfter(1);
            assertThatThrownBy(() -> log.append(null, entries(11, 20, 1, 100))).isInstanceOf(LogFullException.class);
            full.losePower();
            assertThat(WriteAheadLog.open(full.open(), SMALL).lastIndex()).isEqualTo(10);
        }
    }

    @Test
    void aPreparedSegmentNeedsNoSpaceAndNoAllocationWhenTheWriterComesToIt() throws IOException {
        WriteAheadLog log = open();
        log.prepare();
        assertThat(disk.names()).noneMatch(SegmentFiles::isSpare);
        long last = 0;
        while (log.sizeBytes() < SMALL.segmentSizeBytes() * 5 / 8) {
            log.append(null, List.of(entry(++last, 1, 100)));
        }
        log.prepare();
        log.prepare();
        assertThat(disk.names().stream().filter(SegmentFiles::isSpare)).hasSize(1);
        disk.limitSpace(0);
        while (log.sizeBytes() < SMALL.segmentSizeBytes() * 5 / 4) {
            log.append(null, List.of(entry(++last, 1, 100)));
        }
        assertThat(disk.names()).noneMatch(SegmentFiles::isSpare);
        log.sync();
        disk.losePower();
        assertThat(open().lastIndex()).isEqualTo(last);
    }

    @Test
    void aSpareThatWasBeingMadeWhenThePowerWentHarmsNothing() throws IOException {
        for (int operations = 1; operations < 12; operations++) {
            SimulatedDisk failing = new SimulatedDisk(operations);
            WriteAheadLog log = WriteAheadLog.open(failing.open(), SMALL);
            log.append(null, entries(1, 100, 1, 100));
            log.sync();
            failing.losePowerAfter(operations);
            try {
                log.prepare();
            } catch (IOException e) {
                assertThat(e).hasMessage("no power");
            }
            failing.losePower();
            WriteAheadLog again = WriteAheadLog.open(failing.open(), SMALL);
            assertThat(again.lastIndex()).isEqualTo(100);
            again.append(null, entries(101, 300, 1, 100));
            assertThat(again.lastIndex()).isEqualTo(300);
        }
    }

    @Test
    void aFullDiskCanStillBeCompacted() throws IOException {
        WriteAheadLog log = open();
        long last = 0;
        disk.limitSpace(100_000);
        try {
            for (; last < 10_000; last++) {
                log.append(null, List.of(entry(last + 1, 1, 100)));
            }
        } catch (LogFullException e) {
            assertThat(log.lastIndex()).isEqualTo(last);
        }
        assertThat(last).isBetween(100L, 9_999L);
        log.compact(new SnapshotMeta(last, 1, Membership.NONE));
        log.append(null, entries(last + 1, last + 50, 1, 100));
        log.sync();
        disk.losePower();
        assertThat(open().lastIndex()).isEqualTo(last + 50);
    }
}
