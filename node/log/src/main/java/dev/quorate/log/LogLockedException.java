package dev.quorate.log;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, or another log in this process, has the directory open. Nothing was read or changed. */
public final class LogLockedException extends IOException {
    public LogLockedException(Path directory) {
        super("the log in " + directory
                + " is in use by another process; stop that one, or give this one a directory of its own");
    }
}
