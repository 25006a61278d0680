package dev.quorate.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From measurements to the table and the file. */
class ReportTest {
    private static final List<Summary> SUMMARIES = Summary.of(List.of(
            measured("quorate", Workload.WRITE, 40_000, 900, 0),
            measured("etcd", Workload.WRITE, 9_000, 3_000, 0),
            measured("quorate", Workload.WRITE, 50_000, 1_000, 2),
            measured("etcd", Workload.WRITE, 11_000, 2_000, 0),
            measured("quorate", Workload.WRITE, 60_000, 1_100, 0),
            measured("etcd", Workload.WRITE, 10_000, 2_500, 0),
            measured("redis", Workload.READ, 70_000, 100, 0)));

    private static Measurement measured(
            String system, Workload workload, double throughput, double p99Micros, long failures) {
        return new Measurement(
                new Cell(system, workload, 64, 256), throughput, 500, p99Micros, 9_000, 1.5, 0.5, 6.25, failures);
    }

    private static String table() {
        return new ResultTable(
                        SUMMARIES,
                        List.of(new ToolFigure("quorate", "redis-benchmark -P 16", 50, 45_000, 1_500, 0)),
                        "etcd")
                .render();
    }

    private static List<String> row(String system) {
        String table = table();
        String row = table.lines()
                .filter(line -> line.contains("| " + system))
                .findFirst()
                .orElseThrow();
        return Arrays.stream(row.split("\\|")).map(String::strip).skip(1).toList();
    }

    @Test
    void roundsOfACellAreSummedUp() {
        assertThat(SUMMARIES).hasSize(3);
        Summary first = SUMMARIES.getFirst();
        assertThat(first.rounds()).isEqualTo(3);
        assertThat(first.throughputPerSecond()).isEqualTo(new Spread(40_000, 50_000, 60_000));
        assertThat(first.failures()).isEqualTo(2);
    }

    @Test
    void theTableTellsMediansExtremesAndRatios() {
        assertThat(row("quorate"))
                .containsExactly(
                        "write",
                        "64",
                        "quorate",
                        "50,000 (40,000, 60,000)",
                        "5.00",
                        "500",
                        "1,000 (900, 1,100)",
                        "0.40",
                        "9,000",
                        "1.50",
                        "1.00",
                        "0.50",
                        "6.25",
                        "1.00",
                        "2");
        assertThat(row("etcd")).contains("10,000 (9,000, 11,000)", "1.00");
    }

    @Test
    void whereTheBaselineWasNotMeasuredThereIsNoRatio() {
        assertThat(row("redis").get(4)).isEqualTo("-");
    }

    @Test
    void allRowsOfTheTableAreOfOneWidth() {
        assertThat(table().lines().map(String::length).distinct()).hasSize(1);
    }

    @Test
    void whatSystemsOwnBenchmarksSayIsInTheTableToo() {
        assertThat(row("quorate by redis-benchmark -P 16"))
                .startsWith("write", "50", "quorate by redis-benchmark -P 16", "45,000", "-", "1,500", "-");
    }

    @Test
    void theFileHasAnObjectForEachCell() throws IOException {
        JsonNode file = new ObjectMapper().readTree(ResultFile.render(SUMMARIES));

        assertThat(file.isArray()).isTrue();
        assertThat(file).hasSize(3);
        JsonNode first = file.get(0);
        assertThat(first.properties().stream().map(java.util.Map.Entry::getKey))
                .containsExactly(
                        "system",
                        "workload",
                        "callers",
                        "value_bytes",
                        "throughput_per_s",
                        "p50_us",
                        "p99_us",
                        "p999_us",
                        "cpu_s_per_100k",
                        "bytes_written_per_byte",
                        "rounds");
        assertThat(first.get("system").asText()).isEqualTo("quorate");
        assertThat(first.get("workload").asText()).isEqualTo("write");
        assertThat(first.get("callers").asInt()).isEqualTo(64);
        assertThat(first.get("value_bytes").asInt()).isEqualTo(256);
        assertThat(first.get("throughput_per_s").asDouble()).isEqualTo(50_000);
        assertThat(first.get("p50_us").asDouble()).isEqualTo(500);
        assertThat(first.get("p99_us").asDouble()).isEqualTo(1_000);
        assertThat(first.get("p999_us").asDouble()).isEqualTo(9_000);
        assertThat(first.get("cpu_s_per_100k").asDouble()).isEqualTo(1.5);
        assertThat(first.get("bytes_written_per_byte").asDouble()).isEqualTo(6.25);
        assertThat(first.get("rounds").asInt()).isEqualTo(3);
    }
}
