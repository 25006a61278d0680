package dev.quorate.bench.contender;

import java.util.List;

/**
 * A cluster that runs.
 *
 * @param members its processes
 * @param loadCommand the load generator's command line
 */
public record Cluster(List<Member> members, List<String> loadCommand) implements AutoCloseable {
    /** What the members used so far, together. */
    public Usage usage() {
        return members.stream().map(Member::usage).reduce(Usage.NONE, Usage::plus);
    }

    /** Asks all to stop in good order, and kills what does not in time. */
    @Override
    public void close() {
        members.forEach(Member::terminate);
        members.forEach(Member::close);
    }
}
