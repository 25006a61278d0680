package dev.quorate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.bench.report.ToolFigure;
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
        String etcd = "0 / 10\rSummary:\n  Requests/sec:\t123.4\n\n  50% in 0.0012 secs.\n  99% in 0.0300 secs.\n";
        assertThat(OwnTools.parse("etcd", "benchmark", 64, etcd))
                .isEqualTo(new ToolFigure("etcd", "benchmark", 64, 123.4, 1_200, 30_000));
        String redis = "SET: rps=0.0\rSET: rps=9.0\rSET: 61000.00 requests per second, p50=1.5 msec\n";
        assertThat(OwnTools.parse("redis", "redis-benchmark", 50, redis))
                .isEqualTo(new ToolFigure("redis", "redis-benchmark", 50, 61_000, 1_500, 0));
    }

    @Test
    void readsALoadGeneratorsAnswer() {
        assertThat(LoadProcess.Answer.parse("1000 2 4000000000 10 20 30 40"))
                .isEqualTo(new LoadProcess.Answer(1000, 2, 4.0, 10, 20, 30, 40));
    }
}
