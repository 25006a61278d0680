package dev.quorate.bench.contender;

import java.util.List;
import java.util.stream.LongStream;

/**
 * A cluster that runs.
 *
 * @param members its processes
 * @param loadCommand the load generator's command line
 * @param ownTools the benchmarks that the system itself comes with, against this cluster; none when it has none
 */
public record Cluster(List<Member> members, List<String> loadCommand, List<OwnTool> ownTools) implements AutoCloseable {
    private static final long STOP_NANOS = 30_000_000_000L;

    /** What the members used so far, together. */
    public Usage usage() {
        return members.stream().map(Member::usage).reduce(Usage.NONE, Usage::plus);
    }

    /** Asks all to stop in good order, and returns how many bytes they wrote meanwhile: what they had put off until then. */
    public long stop() throws InterruptedException {
        long before = usage().writtenBytes();
        long[] written = members.stream()
                .mapToLong(member -> member.usage().writtenBytes())
                .toArray();
        members.forEach(Member::terminate);
        long start = System.nanoTime();
        while (members.stream().anyMatch(Member::alive) && System.nanoTime() - start < STOP_NANOS) {
            for (int i = 0; i < written.length; i++) {
                written[i] = Math.max(written[i], members.get(i).usage().writtenBytes());
            }
            Thread.sleep(2);
        }
        return LongStream.of(written).sum() - before;
    }

    /** Asks all to stop in good order, and kills what does not in time. */
    @Override
    public void close() {
        members.forEach(Member::terminate);
        members.forEach(Member::close);
    }
}
