package dev.quorate.mapreduce.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Merges any number of sources, at most {@code fanIn} at a time, so that the number of blocks in memory is bounded. When there are more, the smallest are merged into
 * files first, in the first pass just so many that every later one is full.
 */
public final class MergePasses {
    private final Path directory;
    private final int fanIn;
    private final Optional<PairCombiner> combiner;
    private int created;

    /**
     * @param directory for what is merged in between
     * @param combiner applied to what is written
     */
    public MergePasses(Path directory, int fanIn, Optional<PairCombiner> combiner) {
        if (fanIn < 2) {
            throw new IllegalArgumentException("fan-in of " + fanIn);
        }
        this.directory = directory;
        this.fanIn = fanIn;
        this.combiner = combiner;
    }

    /** Something to merge, opened when its turn comes. */
    public interface Source {
        Pairs open() throws IOException;

        long bytes();

        long pairs();

        /** After it was merged into a file. */
        default void release() throws IOException {}

        static Source of(RunFile run, int partition) {
            return new Source() {
                @Override
                public Pairs open() throws IOException {
                    return run.open(partition);
                }

                @Override
                public long bytes() {
                    return run.segments().get(partition).bytes();
                }

                @Override
                public long pairs() {
                    return run.segments().get(partition).pairs();
                }
            };
        }
    }

    /** All pairs of all sources in order. Whoever calls closes it. */
    public Pairs open(List<Source> sources) throws IOException {
        PriorityQueue<Source> waiting = new PriorityQueue<>(Comparator.comparingLong(Source::bytes));
        waiting.addAll(sources);
        int now = (waiting.size() - 1) % (fanIn - 1) + 1;
        if (now == 1) {
            now = fanIn;
        }
        while (waiting.size() > fanIn) {
            List<Source> smallest = new ArrayList<>();
            while (smallest.size() < now) {
                smallest.add(waiting.remove());
            }
            waiting.add(merged(smallest));
            now = fanIn;
        }
        return opened(List.copyOf(waiting));
    }

    void mergeInto(RunWriter writer, int partition, List<Source> sources) throws IOException {
        try (Pairs pairs = open(sources)) {
            write(pairs, writer, partition);
        }
    }

    private Source merged(List<Source> sources) throws IOException {
        RunFile run;
        try (Pairs pairs = opened(sources);
                RunWriter writer = new RunWriter(directory.resolve("merge-" + created++), 1)) {
            write(pairs, writer, 0);
            run = writer.finish();
        }
        for (Source source : sources) {
            source.release();
        }
        return new Source() {
            @Override
            public Pairs open() throws IOException {
                return run.open(0);
            }

            @Override
            public long bytes() {
                return run.bytes();
            }

            @Override
            public long pairs() {
                return run.segments().getFirst().pairs();
            }

            @Override
            public void release() throws IOException {
                run.delete();
            }
        };
    }

    private void write(Pairs pairs, RunWriter writer, int partition) throws IOException {
        if (combiner.isPresent()) {
            new Groups(pairs).combineInto(writer, partition, combiner.get());
        } else {
            while (pairs.next()) {
                writer.add(partition, pairs);
            }
        }
    }

    private static Pairs opened(List<Source> sources) throws IOException {
        List<Pairs> inputs = new ArrayList<>();
        for (Source source : sources) {
            inputs.add(source.open());
        }
        return inputs.size() == 1 ? inputs.getFirst() : new Merger(inputs);
    }
}
