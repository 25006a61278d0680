package dev.quorate.store;

/**
 * What became of one operation of a write.
 *
 * @param applied false when its condition did not hold, or there was nothing to delete
 * @param current the key after the operation, or null when absent (its value is null where it was just written)
 * @param previous the key before, or null when absent; only when asked for or when not applied
 * @param number result of an increment, else 0
 */
public record OperationResult(boolean applied, Versioned current, Versioned previous, long number) {}
