package dev.quorate.bench.report;

import java.util.Locale;

/** What callers do. */
public enum Workload {
    /** Overwrite a key. */
    WRITE,
    /** Read a key, linearizably. */
    READ;

    /** As tables and command lines call it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
