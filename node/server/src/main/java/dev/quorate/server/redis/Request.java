package dev.quorate.server.redis;

import java.util.List;

/** What a client sent: a command, or one that is too large to be kept. */
sealed interface Request {
    /** A command's name and arguments. */
    record Command(List<byte[]> arguments, int sizeBytes) implements Request {}

    /** A well-formed command over a limit. Its bytes were dropped as they came; the connection goes on behind it. */
    record TooLarge(String reason) implements Request {}
}
