package dev.quorate.bench.report;

/**
 * What was measured: a place in the table.
 *
 * @param system by name
 * @param callers each with one operation outstanding
 * @param valueBytes size of a value
 */
public record Cell(String system, Workload workload, int callers, int valueBytes) {}
