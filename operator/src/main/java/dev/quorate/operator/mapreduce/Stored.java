package dev.quorate.operator.mapreduce;

import dev.quorate.mapreduce.coordinator.StatusReply;
import dev.quorate.mapreduce.table.JobTable;
import java.util.Optional;

/** What is known of a job from the cluster that holds its state, and from its coordinator. */
public sealed interface Stored {
    /**
     * The cluster could not be asked.
     *
     * @param reason as a condition's
     */
    record Unreachable(String reason, String words) implements Stored {
        /** There is no such KVCluster: nothing of the job's state is anywhere. */
        public static final String NO_CLUSTER = "ClusterNotFound";

        public static final String NO_ANSWER = "ClusterUnreachable";
    }

    /** The job had ended before this pass: nothing is asked any more. */
    record Unasked() implements Stored {}

    /** The cluster knows of no such job. */
    record Absent() implements Stored {}

    /** It is there, and no coordinator has begun with it. */
    record Submitted() implements Stored {}

    /**
     * @param epoch how many coordinators there were
     * @param reply empty when the last one does not answer
     */
    record Coordinated(int epoch, Optional<StatusReply> reply) implements Stored {}

    /**
     * @param epoch 0 when there never was a coordinator: then nothing was written anywhere
     */
    record Ended(int epoch, JobTable.Outcome outcome, JobTable.Totals totals) implements Stored {}
}
