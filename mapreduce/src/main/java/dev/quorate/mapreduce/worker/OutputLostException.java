package dev.quorate.mapreduce.worker;

import java.io.IOException;

/** A map output that can't be had from its worker. */
final class OutputLostException extends IOException {
    private final String attempt;

    OutputLostException(String attempt, String address, Throwable cause) {
        super("the output of " + attempt + " can't be had from " + address + ": " + cause.getMessage(), cause);
        this.attempt = attempt;
    }

    String attempt() {
        return attempt;
    }
}
