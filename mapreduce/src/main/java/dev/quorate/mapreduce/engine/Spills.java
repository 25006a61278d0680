package dev.quorate.mapreduce.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The runs that a map task spills, in its own directory, and how they become one. */
public final class Spills {
    private final Path directory;
    private final int partitions;
    private final Optional<PairCombiner> combiner;
    private final MergePasses merge;
    private final List<RunFile> runs = new ArrayList<>();
    private int created;

    public Spills(Path directory, int partitions, Optional<PairCombiner> combiner, int fanIn) {
        this.directory = directory;
        this.partitions = partitions;
        this.combiner = combiner;
        this.merge = new MergePasses(directory, fanIn, combiner);
    }

    RunWriter newRun() throws IOException {
        return new RunWriter(directory.resolve("run-" + created++), partitions);
    }

    void add(RunFile run) {
        runs.add(run);
    }

    Optional<PairCombiner> combiner() {
        return combiner;
    }

    /** All spilled pairs as one run. */
    RunFile merged() throws IOException {
        if (runs.isEmpty()) {
            try (RunWriter empty = newRun()) {
                return empty.finish();
            }
        }
        if (runs.size() == 1) {
            return runs.getFirst();
        }
        try (RunWriter writer = newRun()) {
            for (int partition = 0; partition < partitions; partition++) {
                int p = partition;
                List<MergePasses.Source> sources =
                        runs.stream().map(run -> MergePasses.Source.of(run, p)).toList();
                merge.mergeInto(writer, partition, sources);
            }
            RunFile whole = writer.finish();
            for (RunFile run : runs) {
                run.delete();
            }
            return whole;
        }
    }
}
