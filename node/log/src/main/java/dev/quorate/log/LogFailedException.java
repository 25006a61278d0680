package dev.quorate.log;

import java.io.IOException;

/**
 * A write or an fsync failed, now or earlier, and what reached the disk is unknown. The log takes no more calls: stop the process and start it
 * again; recovery then finds out what is durable. An fsync is never retried, since the kernel may have dropped the pages it failed to write.
 */
public final class LogFailedException extends IOException {
    LogFailedException(IOException cause) {
        super(
                "the log failed and whether its last writes are durable is unknown; restart the process to recover: "
                        + cause.getMessage(),
                cause);
    }
}
