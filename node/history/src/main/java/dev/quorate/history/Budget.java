package dev.quorate.history;

/** What is left of the {@link Limits}. */
final class Budget {
    private static final int CONFIGURATIONS_BETWEEN_LOOKS = 1 << 10;

    private final long startNanos = System.nanoTime();
    private final long timeNanos;
    private final long memoryBytes;
    private long configurations;

    Budget(Limits limits) {
        timeNanos = limits.time().toNanos();
        memoryBytes = limits.memoryBytes();
    }

    /**
     * Counts one configuration more.
     *
     * @param usedBytes of the search that is going on
     * @return false when the budget is used up
     */
    boolean allows(long usedBytes) {
        configurations++;
        return usedBytes <= memoryBytes
                && (configurations % CONFIGURATIONS_BETWEEN_LOOKS != 0 || System.nanoTime() - startNanos < timeNanos);
    }

    long configurations() {
        return configurations;
    }
}
