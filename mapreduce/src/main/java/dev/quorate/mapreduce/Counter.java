package dev.quorate.mapreduce;

/** A number that a task adds to. It counts for the job once the attempt is committed, and once only (section 4.9). */
public final class Counter {
    private long value;

    public void add(long n) {
        value += n;
    }

    public long value() {
        return value;
    }
}
