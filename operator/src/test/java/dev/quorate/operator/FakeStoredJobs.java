package dev.quorate.operator;

import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.table.JobTable;
import dev.quorate.operator.mapreduce.Jobs;
import dev.quorate.operator.mapreduce.Stored;
import dev.quorate.operator.mapreduce.StoredJob;
import dev.quorate.operator.mapreduce.StoredJobs;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands in for the clusters that hold jobs' states; what a coordinator would do the test does. */
@ApplicationScoped
class FakeStoredJobs implements StoredJobs {
    private final Map<String, Fake> byName = new ConcurrentHashMap<>();

    static final class Fake implements StoredJob {
        volatile Stored stored = new Stored.Absent();
        volatile JobSpec spec;
        volatile boolean silent;

        @Override
        public Stored observe() throws IOException {
            if (silent) {
                throw new IOException("nobody answers");
            }
            return stored;
        }

        @Override
        public void submit(JobSpec description) {
            spec = description;
            stored = new Stored.Submitted();
        }

        @Override
        public void fail(String reason) {
            Stored.Ended ended = Jobs.ended(false, reason, 4);
            stored = new Stored.Ended(1, new JobTable.Outcome(false, reason), ended.totals());
        }

        @Override
        public void delete() {
            stored = new Stored.Absent();
        }
    }

    @Override
    public Fake of(String seeds, String name) {
        return byName.computeIfAbsent(name, ignored -> new Fake());
    }

    @Override
    public void forgetAllBut(Set<String> seeds) {}
}
