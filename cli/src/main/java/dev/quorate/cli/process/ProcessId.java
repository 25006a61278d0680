package dev.quorate.cli.process;

import java.time.Instant;
import java.util.Optional;

/**
 * One process for good: process ids are used again.
 *
 * @param pid the system's number
 * @param startedMillis when it started, Unix time
 */
public record ProcessId(long pid, long startedMillis) {
    public static ProcessId of(ProcessHandle process) {
        return new ProcessId(process.pid(), startMillis(process));
    }

    /** The process, if it still runs. */
    public Optional<ProcessHandle> alive() {
        return ProcessHandle.of(pid).filter(process -> process.isAlive() && startMillis(process) == startedMillis);
    }

    private static long startMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
