package dev.quorate.server.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlowDiskTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aStallOfAnElectionTimeoutIsEnoughAndAttemptsAreRare() {
        SlowDisk disk = new SlowDisk(2 * SECOND);
        assertThat(disk.shouldHandOver(SECOND, 0)).isFalse();
        assertThat(disk.shouldHandOver(2 * SECOND, SECOND)).isTrue();
        assertThat(disk.shouldHandOver(3 * SECOND, 2 * SECOND)).isFalse();
        assertThat(disk.shouldHandOver(6 * SECOND, 5 * SECOND)).isTrue();
        assertThat(disk.shouldHandOver(0, 20 * SECOND)).isFalse();
    }

    @Test
    void shortStallsAreEveryday() {
        assertThat(new SlowDisk(1).shouldHandOver(SECOND / 2, 0)).isFalse();
    }
}
