package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.keyspace.Fence;
import dev.quorate.mapreduce.keyspace.KeyspaceOutput;
import dev.quorate.mapreduce.keyspace.KeyspaceTarget;
import dev.quorate.mapreduce.schedule.AttemptId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The last task of a job: makes the output of its committed attempts visible. May be repeated, by anyone. */
public final class Publication {
    private Publication() {}

    /** Fails while nothing has run yet when the cluster that the output is for can't be reached. */
    public static void check(JobSpec spec) throws JobException {
        if (spec.keyspace().isEmpty()) {
            return;
        }
        try {
            new KeyspaceOutput(spec.keyspace().get()).isCurrent();
        } catch (IOException e) {
            throw new JobException("the cluster for the output can't be reached: " + e.getMessage(), e);
        }
    }

    /**
     * @param committed the attempt of every task that counts
     * @param fence says whether the job still goes on
     */
    public static void publish(JobSpec spec, OutputDirectory output, List<AttemptId> committed, Fence fence)
            throws IOException, InterruptedException {
        Optional<KeyspaceTarget> target = spec.keyspace();
        if (target.isEmpty()) {
            output.publish(committed);
            return;
        }
        KeyspaceOutput keyspace = new KeyspaceOutput(target.get());
        if (!keyspace.isCurrent()) {
            output.publish(committed);
            keyspace.load(output.parts(spec.reducers()), fence);
        }
        output.discardParts(spec.reducers());
    }

    /** Removes what a job that failed has left. To be called once its end is known to whoever looks, so that nobody publishes it any more. */
    public static void discard(JobSpec spec, OutputDirectory output) throws IOException {
        output.discard();
        if (spec.keyspace().isPresent()) {
            new KeyspaceOutput(spec.keyspace().get()).discard();
        }
    }
}
