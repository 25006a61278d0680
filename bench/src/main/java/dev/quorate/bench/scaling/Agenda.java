package dev.quorate.bench.scaling;

import java.util.PriorityQueue;

/** Simulated time: what happens when, ties in the order of their making. */
final class Agenda {
    private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos;
    private long made;

    long nowNanos() {
        return nowNanos;
    }

    void after(long delayNanos, Runnable action) {
        events.add(new Event(nowNanos + delayNanos, made++, action));
    }

    void run(long forNanos) {
        long endNanos = nowNanos + forNanos;
        while (!events.isEmpty() && events.peek().atNanos <= endNanos) {
            Event event = events.poll();
            nowNanos = event.atNanos;
            event.action.run();
        }
        nowNanos = endNanos;
    }
}
