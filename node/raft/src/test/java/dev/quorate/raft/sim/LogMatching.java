package dev.quorate.raft.sim;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Ready;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * If two logs contain an entry with the same index and term, then the logs are identical in all entries up through it (figure 3). Checked by
 * induction: index and term determine the entry and the term of the one before it.
 */
final class LogMatching implements Invariant {
    private record Place(long index, long term) {}

    private record Content(long prevTerm, Entry.Type type, int dataHash) {}

    private final Map<Place, Content> seen = new HashMap<>();

    @Override
    public void onReady(SimMember member, Ready ready) {
        for (Entry entry : ready.entries()) {
            Place place = new Place(entry.index(), entry.term());
            Content content =
                    new Content(member.memory().term(entry.index() - 1), entry.type(), Arrays.hashCode(entry.data()));
            Content first = seen.putIfAbsent(place, content);
            if (first != null && !first.equals(content)) {
                throw new Violation("log matching", "at " + place + " there are " + first + " and " + content);
            }
        }
    }
}
