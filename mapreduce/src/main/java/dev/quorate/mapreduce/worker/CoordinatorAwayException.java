package dev.quorate.mapreduce.worker;

import java.io.IOException;

/** What an attempt needs to know of others can't be had now, which is no fault of its own. */
final class CoordinatorAwayException extends IOException {
    CoordinatorAwayException(IOException cause) {
        super(cause.getMessage(), cause);
    }

    CoordinatorAwayException(String message) {
        super(message);
    }
}
