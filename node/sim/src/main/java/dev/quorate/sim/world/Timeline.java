package dev.quorate.sim.world;

import java.util.PriorityQueue;

/** Simulated time, in a unit of its maker's choice: what happens when, ties in the order of their making. */
public final class Timeline {
    private record Event(long time, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return time != other.time ? Long.compare(time, other.time) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long made;
    private long steps;

    public long now() {
        return now;
    }

    /** Events that have happened. */
    public long steps() {
        return steps;
    }

    public void after(long delay, Runnable action) {
        events.add(new Event(now + delay, made++, action));
    }

    public void runUntil(long end) {
        while (!events.isEmpty() && events.peek().time <= end) {
            Event event = events.poll();
            now = event.time;
            steps++;
            event.action.run();
        }
        now = end;
    }
}
