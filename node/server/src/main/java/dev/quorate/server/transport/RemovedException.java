package dev.quorate.server.transport;

import java.io.IOException;

/** A peer knows for certain that this member was removed from its group. */
public final class RemovedException extends IOException {
    private static final long serialVersionUID = 1;

    RemovedException(String message) {
        super(message);
    }
}
