package dev.quorate.sim.member;

import dev.quorate.raft.Entry;
import dev.quorate.store.ApplyResult;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Commands that have an index and wait to be applied. Only an applied index tells whose entry it became, by its term. */
final class Proposals {
    private record Proposal(long term, Consumer<Reply> reply, Proposal earlierAtIndex) {}

    private final TreeMap<Long, Proposal> newestByIndex = new TreeMap<>();

    void appended(long index, long term, Consumer<Reply> reply) {
        newestByIndex.put(index, new Proposal(term, reply, newestByIndex.get(index)));
    }

    void applied(Entry entry, ApplyResult result) {
        Proposal proposal = newestByIndex.remove(entry.index());
        for (; proposal != null; proposal = proposal.earlierAtIndex) {
            boolean ours = proposal.term == entry.term();
            proposal.reply.accept(ours ? new Reply.Applied(entry.index(), result) : new Reply.Refused(null));
        }
    }

    /** A snapshot replaced the log up to here. */
    void skippedTo(long index) {
        var skipped = newestByIndex.headMap(index, true);
        for (Proposal newest : skipped.values()) {
            for (Proposal proposal = newest; proposal != null; proposal = proposal.earlierAtIndex) {
                proposal.reply.accept(new Reply.Unknown());
            }
        }
        skipped.clear();
    }
}
