package dev.quorate.operator.mapreduce;

import dev.quorate.mapreduce.job.JobSpec;
import java.io.IOException;

/** A job in the cluster that holds its state. What throws may have taken effect; all may be repeated. */
public interface StoredJob {
    Stored observe() throws IOException;

    /** Puts it there, unless it is there. */
    void submit(JobSpec spec) throws IOException;

    /** Ends it as failed, unless it has ended. */
    void fail(String reason) throws IOException;

    /** Removes its state. Its output is another matter. */
    void delete() throws IOException;
}
