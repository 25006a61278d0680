package dev.quorate.log;

import java.io.IOException;

/** Bytes that were durable can't be read back, or a file is missing. Nothing was changed. */
public final class LogDamagedException extends IOException {
    private final String file;
    private final long offset;

    LogDamagedException(String file, long offset, String what) {
        super(
                "the log is damaged: " + file + " at offset " + offset + ": " + what
                        + ". Nothing was changed. Rebuild this replica from its peers: remove the member from its group, empty its disk, and add it anew");
        this.file = file;
        this.offset = offset;
    }

    /** The damaged or missing file, with its directory. */
    public String file() {
        return file;
    }

    /** Where in the file the first bad byte may be; 0 for a missing file. */
    public long offset() {
        return offset;
    }
}
