package dev.quorate.operator.mapreduce;

import java.util.Set;

/** The jobs that clusters hold: connections are kept from pass to pass. */
public interface StoredJobs {
    /**
     * @param seeds {@code HOST:PORT} of the cluster
     * @param name the job's there
     */
    StoredJob of(String seeds, String name);

    /** Closes connections to other clusters than these. */
    void forgetAllBut(Set<String> seeds);
}
