package dev.quorate.mapreduce.worker;

import java.io.IOException;

/** A map output that can't be had: from its worker, or from nobody as its map is being run again. */
final class OutputLostException extends IOException {
    private final String attempt;

    OutputLostException(String attempt, String address, Throwable cause) {
        super("the output of " + attempt + " can't be had from " + address + ": " + cause.getMessage(), cause);
        this.attempt = attempt;
    }

    /** Of a map that is not committed any more, as the coordinator knows. */
    OutputLostException(int open) {
        super("the output of " + open + " maps was lost, and is being made again");
        this.attempt = null;
    }

    /** Null when the coordinator knows already. */
    String attempt() {
        return attempt;
    }
}
