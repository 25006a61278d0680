package dev.quorate.bench.scaling;

import dev.quorate.sim.world.Timeline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** A simulated machine: threads take turns on its cores, each in the order in which it became runnable. */
final class Machine implements Resource {
    private static final long SLICE_NANOS = 3_000_000;

    private final Timeline timeline;
    private final Deque<Worker> runnable = new ArrayDeque<>();
    private final String name;
    private final int cores;
    private int freeCores;
    private long usedNanos;

    Machine(String name, Timeline timeline, int cores) {
        this.name = name;
        this.timeline = timeline;
        this.cores = cores;
        this.freeCores = cores;
    }

    /**
     * A piece of work that has begun.
     *
     * @param nanos of a core that it takes
     * @param end what follows from it, once it is done
     */
    record Job(long nanos, Runnable end) {}

    /** A thread: one job at a time, in order. */
    final class Worker implements Resource {
        private final String name;
        private final Deque<Supplier<Job>> queue = new ArrayDeque<>();
        private boolean scheduled;
        private long busyNanos;

        private Worker(String name) {
            this.name = name;
        }

        /** @param job asked for when a core is there, so that it takes what has come until then */
        void submit(Supplier<Job> job) {
            queue.add(job);
            if (!scheduled) {
                scheduled = true;
                runnable.add(this);
                dispatch();
            }
        }

        /** As a scheduler does it, a thread that has more to do goes on until its slice is over. */
        private void run(long usedNanosOfSlice) {
            Job job = queue.poll().get();
            busyNanos += job.nanos;
            usedNanos += job.nanos;
            timeline.after(job.nanos, () -> {
                job.end.run();
                goOn(usedNanosOfSlice + job.nanos);
            });
        }

        private void goOn(long usedNanosOfSlice) {
            if (!queue.isEmpty() && usedNanosOfSlice < SLICE_NANOS) {
                run(usedNanosOfSlice);
                return;
            }
            freeCores++;
            scheduled = !queue.isEmpty();
            if (scheduled) {
                runnable.add(this);
            }
            dispatch();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long busyNanos() {
            return busyNanos;
        }
    }

    /** @param of whose thread it is, and what for */
    Worker worker(String of) {
        return new Worker(of);
    }

    @Override
    public String name() {
        return name + ": cores";
    }

    /** As if it had one core. */
    @Override
    public long busyNanos() {
        return usedNanos / cores;
    }

    private void dispatch() {
        while (freeCores > 0 && !runnable.isEmpty()) {
            freeCores--;
            runnable.poll().run(0);
        }
    }
}
