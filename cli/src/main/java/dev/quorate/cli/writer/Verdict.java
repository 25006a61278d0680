package dev.quorate.cli.writer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * What a {@link VerifiedWriter} found.
 *
 * @param acknowledged writes that were acknowledged
 * @param reads reads that were checked while writing
 * @param failed operations that failed after the client's own retries
 * @param lost keys whose last acknowledged write is not there at the end
 * @param stale reads that returned less than what was acknowledged before they began
 * @param longestMillis the longest single operation, with the client's retries
 * @param firstFailures some of the failures, for people
 */
public record Verdict(
        long acknowledged,
        long reads,
        long failed,
        long lost,
        long stale,
        long longestMillis,
        List<String> firstFailures) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public boolean clean() {
        return failed == 0 && lost == 0 && stale == 0 && acknowledged > 0;
    }

    /** One line of JSON. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Verdict fromJson(String line) {
        try {
            return JSON.readValue(line, Verdict.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a writer's verdict: " + line, e);
        }
    }
}
