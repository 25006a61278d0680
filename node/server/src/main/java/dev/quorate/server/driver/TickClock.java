package dev.quorate.server.driver;

/** Turns the machine's time into ticks, as they are asked for: a loop that sleeps for long makes up for them when it wakes. */
final class TickClock {
    private final long tickNanos;
    private long lastTickNanos;

    TickClock(long tickNanos, long nowNanos) {
        this.tickNanos = tickNanos;
        this.lastTickNanos = nowNanos;
    }

    /** How long it is until so many ticks will have passed since the last that was taken; negative when they have. */
    long nanosUntil(int ticks, long nowNanos) {
        return lastTickNanos + ticks * tickNanos - nowNanos;
    }

    /**
     * Takes the ticks that have passed.
     *
     * @param most how many were waited for: after a pause of the process time does not hurry, the rest never happened
     */
    int take(int most, long nowNanos) {
        long passed = (nowNanos - lastTickNanos) / tickNanos;
        lastTickNanos = passed > most ? nowNanos : lastTickNanos + passed * tickNanos;
        return (int) Math.min(passed, most);
    }
}
