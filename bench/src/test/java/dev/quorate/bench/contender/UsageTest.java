package dev.quorate.bench.contender;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTest {
    private static final String STAT =
            "4711 (a (strange) name) S 1 4711 4711 0 -1 4194304 100 0 0 0 1234 66 7 8 20 0 30 0 5000 1000000 2000";
    private static final String IO = "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 40960\n"
            + "cancelled_write_bytes: 0\n";
    private static final String STATUS = "Name:\ta\nVmHWM:\t  900 kB\nVmRSS:\t  800 kB\n";

    @Test
    void readsWhatTheKernelTells() {
        assertThat(Usage.parse(STAT, IO, STATUS)).isEqualTo(new Usage(13.0, 40960, 800 << 10));
    }

    @Test
    void addsUpProcessesAndTellsWhatWasUsedSince() {
        Usage before = new Usage(1, 100, 10);
        Usage after = new Usage(3.5, 400, 20);

        assertThat(after.since(before)).isEqualTo(new Usage(2.5, 300, 20));
        assertThat(before.plus(after)).isEqualTo(new Usage(4.5, 500, 30));
    }

    @Test
    void aProcessThatIsGoneUsesNothing() {
        assertThat(Usage.of(Integer.MAX_VALUE)).isEqualTo(Usage.NONE);
        assertThat(Usage.of(ProcessHandle.current().pid()).residentBytes()).isPositive();
    }
}
