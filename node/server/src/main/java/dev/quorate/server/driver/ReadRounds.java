package dev.quorate.server.driver;

import dev.quorate.raft.Raft;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/** Asks the core for read indexes. One round at a time: what comes meanwhile shares the next, so that many readers cost few messages. */
final class ReadRounds {
    private final Raft raft;
    private final Reads reads;
    /** Clients' reads that wait for the next round. */
    private final List<ReadTask> next = new ArrayList<>();

    private long underWay;

    ReadRounds(Raft raft, Reads reads) {
        this.raft = raft;
        this.reads = reads;
    }

    void add(List<ReadTask> tasks) {
        next.addAll(tasks);
    }

    /** Begins the next round if the last one is over. */
    void begin() {
        if (!next.isEmpty() && !reads.isAsked(underWay)) {
            underWay = ask(next, raft::readIndex);
            next.clear();
        }
    }

    /** Reads on any member: what it has serves, or its leader is asked. */
    void serveAnywhere(List<ReadAnywhere> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        List<ReadTask> notFreshEnough = wanted.stream()
                .filter(read -> !reads.serveIfFresh(read.task(), read.maxStaleNanos()))
                .map(ReadAnywhere::task)
                .toList();
        if (!notFreshEnough.isEmpty()) {
            ask(notFreshEnough, raft::readIndexThroughLeader);
        }
    }

    /** The id under which the reads wait now. */
    private long ask(List<ReadTask> tasks, LongPredicate core) {
        long id = reads.ask(tasks);
        if (!core.test(id)) {
            reads.lost(id);
        }
        return id;
    }

    void stop() {
        next.forEach(ReadTask::notServed);
    }
}
