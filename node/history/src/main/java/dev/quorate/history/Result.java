package dev.quorate.history;

/** What an operation that took effect was answered. Versions that the client was not told are 0. */
public sealed interface Result {
    /** @param value null when the key is absent */
    record Read(String value, long version) implements Result {}

    /** @param version that the write gave the key */
    record Written(long version) implements Result {}

    /** @param existed whether there was a key to delete */
    record Deleted(boolean existed) implements Result {}

    /** @param current what the key holds after the operation; null when the client was not told */
    record Swapped(boolean applied, Read current) implements Result {}

    record Sum(long number) implements Result {}

    /** @param bytes of the whole value, in UTF-8 */
    record Length(long bytes) implements Result {}
}
