package dev.quorate.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small disk, whose one other user takes what he likes. */
class DiskSpaceTest {
    private static final long RESERVE_BYTES = 40_000;

    @TempDir
    Path directory;

    private Path reserve;
    private DiskSpace space;
    private long freeBytes = 1_000_000;

    @BeforeEach
    void open() {
        reserve = directory.resolve("reserve");
        space = new DiskSpace(
                reserve, RESERVE_BYTES, () -> freeBytes - reserve.toFile().length());
        space.look();
    }

    @Test
    void theReserveIsHeldWhileThereIsPlenty() {
        assertThat(reserve).hasSize(RESERVE_BYTES);
        assertThat(space.state()).isEqualTo(DiskSpace.State.PLENTY);
        assertThat(space.trouble()).isEmpty();
    }

    @Test
    void aDiskThatFillsUpReleasesTheReserveBeforeAnythingFails() {
        freeBytes = RESERVE_BYTES + RESERVE_BYTES / 2 - 1;
        space.look();
        assertThat(reserve).doesNotExist();
        assertThat(space.state()).isEqualTo(DiskSpace.State.FULL);
        assertThat(space.trouble()).contains("the disk is full", "deletes");
        space.look();
        assertThat(space.state()).isEqualTo(DiskSpace.State.FULL);
    }

    @Test
    void itIsFullUntilThereIsRoomForTheReserveAndMore() {
        freeBytes = 0;
        space.look();
        freeBytes = 2 * RESERVE_BYTES - 1;
        space.look();
        assertThat(space.state()).isEqualTo(DiskSpace.State.FULL);
        freeBytes = 2 * RESERVE_BYTES;
        space.look();
        assertThat(space.state()).isEqualTo(DiskSpace.State.PLENTY);
        assertThat(reserve).hasSize(RESERVE_BYTES);
    }

    @Test
    void aWriteThatFindsNoSpaceGetsTheReserveOnce() {
        assertThat(space.makeRoom()).isTrue();
        assertThat(space.state()).isEqualTo(DiskSpace.State.FULL);
        freeBytes = 0;
        assertThat(space.makeRoom()).isFalse();
        assertThat(space.state()).isEqualTo(DiskSpace.State.EXHAUSTED);
    }

    @Test
    void aReserveThatIsUsedUpIsNoticed() {
        freeBytes = 0;
        space.look();
        freeBytes = RESERVE_BYTES / 4 - 1;
        space.look();
        assertThat(space.state()).isEqualTo(DiskSpace.State.EXHAUSTED);
        freeBytes = RESERVE_BYTES;
        space.look();
        assertThat(space.state()).isEqualTo(DiskSpace.State.FULL);
    }

    @Test
    void theReserveOfAnEarlierProcessIsTakenOver() throws Exception {
        var before = Files.getLastModifiedTime(reserve);
        DiskSpace again = new DiskSpace(reserve, RESERVE_BYTES, () -> freeBytes);
        again.look();
        assertThat(again.state()).isEqualTo(DiskSpace.State.PLENTY);
        assertThat(Files.getLastModifiedTime(reserve)).isEqualTo(before);
    }
}
