package dev.quorate.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results for programs: a JSON array with an object for each cell. Figures are medians over {@code rounds} rounds.
 */
public final class ResultFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ResultFile() {}

    public static String render(List<Summary> summaries) {
        try {
            return JSON.writeValueAsString(
                            summaries.stream().map(ResultFile::object).toList()) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> object(Summary one) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("system", one.cell().system());
        object.put("workload", one.cell().workload().label());
        object.put("callers", one.cell().callers());
        object.put("value_bytes", one.cell().valueBytes());
        object.put("throughput_per_s", rounded(one.throughputPerSecond().median()));
        object.put("p50_us", rounded(one.p50Micros().median()));
        object.put("p99_us", rounded(one.p99Micros().median()));
        object.put("p999_us", rounded(one.p999Micros().median()));
        object.put("cpu_s_per_100k", rounded(one.cpuSecondsPer100k().median()));
        object.put("bytes_written_per_byte", rounded(one.writtenPerByte().median()));
        object.put("rounds", one.rounds());
        return object;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
