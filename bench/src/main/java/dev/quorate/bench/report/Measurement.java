package dev.quorate.bench.report;

/**
 * One round of a cell.
 *
 * @param throughputPerSecond operations answered
 * @param p50Micros median latency
 * @param p99Micros latency that one in a hundred exceeds
 * @param p999Micros latency that one in a thousand exceeds
 * @param cpuSecondsPer100k CPU time of all members for 100,000 operations
 * @param clientCpuSecondsPer100k CPU time of the load generator for 100,000 operations
 * @param writtenPerByte bytes that all members wrote to disk for each byte of key and value that was acknowledged; 0 for reads
 * @param failures operations that failed, which are in no other figure
 */
public record Measurement(
        Cell cell,
        double throughputPerSecond,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double cpuSecondsPer100k,
        double clientCpuSecondsPer100k,
        double writtenPerByte,
        long failures) {}
