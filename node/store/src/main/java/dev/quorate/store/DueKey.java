package dev.quorate.store;

/**
 * A key whose deadline is past.
 *
 * @param version of the value that is due
 * @param deadlineMillis its deadline
 */
public record DueKey(byte[] key, long version, long deadlineMillis) {}
