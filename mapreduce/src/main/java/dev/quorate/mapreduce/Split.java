package dev.quorate.mapreduce;

import java.util.List;
import java.util.Map;

/**
 * A part of the input, read by one map task.
 *
 * @param source a file, or whatever else the input format knows it by
 * @param start first position in it: of files, a byte
 * @param end position after the last
 * @param preferredNodes where it is near; empty when it is anywhere the same
 */
public record Split(String source, long start, long end, List<String> preferredNodes) {
    public Split {
        preferredNodes = List.copyOf(preferredNodes);
    }

    /** The same with nodes for hosts: those that are not in {@code nodeByHost} stay as they are. */
    public Split onNodes(Map<String, String> nodeByHost) {
        return new Split(
                source,
                start,
                end,
                preferredNodes.stream()
                        .map(host -> nodeByHost.getOrDefault(host, host))
                        .distinct()
                        .toList());
    }

    /** For people. */
    public String describe() {
        return source + " [" + start + ", " + end + ")";
    }
}
