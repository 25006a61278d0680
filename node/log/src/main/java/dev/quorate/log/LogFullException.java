package dev.quorate.log;

import java.io.IOException;

/**
 * The disk is full (or a quota is used up). The call had no effect; the log goes on with what it held before, and the call may be made again
 * once there is space.
 */
public final class LogFullException extends IOException {
    public LogFullException(String file, IOException cause) {
        super(
                "no space left for the log file " + file
                        + "; the append was not applied: free space or compact the log",
                cause);
    }
}
