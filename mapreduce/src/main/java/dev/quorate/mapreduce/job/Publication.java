package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.keyspace.KeyspaceOutput;
import dev.quorate.mapreduce.keyspace.KeyspaceTarget;
import dev.quorate.mapreduce.schedule.AttemptId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The last task of a job: makes the output of its committed attempts visible. May be repeated, by anyone. */
public final class Publication {
    private Publication() {}

    public static void publish(JobSpec spec, OutputDirectory output, List<AttemptId> committed)
            throws IOException, InterruptedException {
        Optional<KeyspaceTarget> target = spec.keyspace();
        if (target.isEmpty()) {
            output.publish(committed);
            return;
        }
        KeyspaceOutput keyspace = new KeyspaceOutput(target.get());
        if (!keyspace.isCurrent()) {
            output.publish(committed);
            keyspace.load(output.parts(spec.reducers()));
        }
        output.discardParts(spec.reducers());
    }

    /** Removes what a job that failed has left. */
    public static void discard(JobSpec spec, OutputDirectory output) throws IOException {
        output.discard();
        discardKeys(spec);
    }

    /** Removes what a job has left that has no plan yet: at most an empty directory. What else is in the output's place is not the job's. */
    public static void discardUnplanned(JobSpec spec, OutputDirectory output) throws IOException {
        output.discardEmpty();
        discardKeys(spec);
    }

    private static void discardKeys(JobSpec spec) throws IOException {
        if (spec.keyspace().isPresent()) {
            new KeyspaceOutput(spec.keyspace().get()).discard();
        }
    }
}
