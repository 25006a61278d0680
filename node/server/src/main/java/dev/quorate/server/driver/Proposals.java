package dev.quorate.server.driver;

import dev.quorate.raft.Entry;
import dev.quorate.store.ApplyResult;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proposals that have an index and wait to be applied. Only an applied index tells whose entry it became, by its term: an entry that was cut from
 * this log may still be committed from another member's (figure 8 of the paper).
 */
final class Proposals {
    private final Map<Long, Proposal> newestByIndex = new ConcurrentHashMap<>();

    void appended(Proposal proposal, long index, long term) {
        proposal.appendedIn(term, newestByIndex.get(index));
        newestByIndex.put(index, proposal);
    }

    void applied(Entry entry, ApplyResult result) {
        Proposal proposal = newestByIndex.remove(entry.index());
        for (; proposal != null; proposal = proposal.earlierAtIndex()) {
            proposal.complete(
                    proposal.term() == entry.term() ? new Outcome.Applied(result) : new Outcome.Overwritten());
        }
    }

    /** A snapshot replaced the log up to here. */
    void skippedTo(long index) {
        newestByIndex.forEach((at, newest) -> {
            if (at <= index && newestByIndex.remove(at, newest)) {
                for (Proposal proposal = newest; proposal != null; proposal = proposal.earlierAtIndex()) {
                    proposal.complete(new Outcome.Unknown());
                }
            }
        });
    }

    void stop() {
        skippedTo(Long.MAX_VALUE);
    }
}
