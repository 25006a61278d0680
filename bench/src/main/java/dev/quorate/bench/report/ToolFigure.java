package dev.quorate.bench.report;

/**
 * What a system's own benchmark says of writes.
 *
 * @param tool its name
 * @param perSecond operations answered
 * @param p50Micros 0 where it does not tell
 * @param p99Micros 0 where it does not tell
 */
public record ToolFigure(
        String system, String tool, int callers, double perSecond, double p50Micros, double p99Micros) {}
