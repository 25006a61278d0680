package dev.quorate.sim.invariant;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Ready;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * If two logs contain an entry with the same index and term, then the logs are identical in all entries up through it (figure 3). Checked by
 * induction: index and term determine the entry and the term of the one before it. What comes back from a disk is checked too: damage is never served.
 */
public final class LogMatching implements Observer {
    private record Place(long index, long term) {}

    private record Content(long prevTerm, Entry.Type type, int dataHash) {}

    private final Map<Place, Content> seen = new HashMap<>();

    @Override
    public void handedOut(Member member, Ready ready) {
        check(member, ready.entries());
    }

    @Override
    public void started(Member member, List<Entry> recovered) {
        check(member, recovered);
    }

    private void check(Member member, List<Entry> entries) {
        for (Entry entry : entries) {
            Place place = new Place(entry.index(), entry.term());
            Content content =
                    new Content(member.coreLog().term(entry.index() - 1), entry.type(), Arrays.hashCode(entry.data()));
            Content first = seen.putIfAbsent(place, content);
            if (first != null && !first.equals(content)) {
                throw new Violation(
                        "log matching", member + " has at " + place + " " + content + ", another had " + first);
            }
        }
    }
}
