package dev.quorate.cli.nemesis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * What a {@link RemoteLoad} without a violation has seen.
 *
 * @param clients of each kind
 * @param acknowledgedInLedgers writes of ever larger numbers that were acknowledged, all of them found again
 * @param moves at least so many shards changed their home
 * @param verified operations in the history that is linearizable
 */
public record Report(List<Tally> clients, long acknowledgedInLedgers, long moves, long verified) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One line of JSON. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Report fromJson(String line) {
        try {
            return JSON.readValue(line, Report.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a load's report: " + line, e);
        }
    }
}
