package dev.quorate.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process used since its start.
 *
 * @param cpuSeconds user and system time
 * @param writtenBytes what it caused to be written to disks
 * @param residentBytes memory at this moment
 */
public record Usage(double cpuSeconds, long writtenBytes, long residentBytes) {
    static final Usage NONE = new Usage(0, 0, 0);
    /** The unit of times in {@code /proc/PID/stat}, on every Linux of today. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int AFTER_NAME_UTIME = 11;

    /** Of a process that runs; {@link #NONE} when it does not. */
    public static Usage of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            return parse(
                    Files.readString(process.resolve("stat")),
                    Files.readString(process.resolve("io")),
                    Files.readString(process.resolve("status")));
        } catch (IOException e) {
            return NONE;
        }
    }

    /** From the texts of {@code stat}, {@code io} and {@code status}. */
    static Usage parse(String stat, String io, String status) {
        // The name, in parentheses, may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        double ticks = Long.parseLong(fields[AFTER_NAME_UTIME]) + Long.parseLong(fields[AFTER_NAME_UTIME + 1]);
        return new Usage(ticks / TICKS_PER_SECOND, number(io, "write_bytes:"), number(status, "VmRSS:") << 10);
    }

    private static long number(String lines, String name) {
        return lines.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split(" ")[0])
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    public Usage plus(Usage other) {
        return new Usage(
                cpuSeconds + other.cpuSeconds, writtenBytes + other.writtenBytes, residentBytes + other.residentBytes);
    }

    /** What was used since an earlier moment. */
    public Usage since(Usage earlier) {
        return new Usage(cpuSeconds - earlier.cpuSeconds, writtenBytes - earlier.writtenBytes, residentBytes);
    }
}
