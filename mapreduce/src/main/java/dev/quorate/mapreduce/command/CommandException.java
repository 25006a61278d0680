package dev.quorate.mapreduce.command;

import java.io.IOException;

/** A command that failed: how it ended, and the last it said. */
public final class CommandException extends IOException {
    CommandException(String message) {
        super(message);
    }
}
