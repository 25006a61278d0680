package dev.quorate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Reading what other programs and the load generators say. */
class NotesTest {
    @Test
    void countsTheCallsThatStraceSummedUp() {
        String summary = """
                % time     seconds  usecs/call     calls    errors syscall
                ------ ----------- ----------- --------- --------- ----------------
                 99.10    0.120000         300       400           fdatasync
                  0.90    0.001000         500         2         1 fsync
                ------ ----------- ----------- --------- --------- ----------------
                100.00    0.121000         301       402         1 total
                """;
        assertThat(FsyncCount.parse(summary)).isEqualTo(402);
        assertThat(FsyncCount.parse("")).isZero();
    }

    @Test
    void keepsTheFiguresOfOtherBenchmarks() {
        assertThat(OwnTools.figures(
                        "0 / 10\rSummary:\n  Requests/sec:\t123.4\n\n  50% in 0.0012 secs.\n  Total: 1 secs.\n"))
                .isEqualTo("Requests/sec: 123.4; 50% in 0.0012 secs.");
        assertThat(OwnTools.figures("SET: rps=0.0\rSET: rps=9.0\rSET: 61000.00 requests per second, p50=1.2 msec\n"))
                .isEqualTo("SET: 61000.00 requests per second, p50=1.2 msec");
    }

    @Test
    void readsALoadGeneratorsAnswer() {
        assertThat(LoadProcess.Answer.parse("1000 2 4000000000 10 20 30 40"))
                .isEqualTo(new LoadProcess.Answer(1000, 2, 4.0, 10, 20, 30, 40));
    }
}
