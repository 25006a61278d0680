package dev.quorate.sim.invariant;

import dev.quorate.raft.Entry;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.ScrubResult;
import java.util.HashMap;
import java.util.Map;

/** Replicas that applied the same entries hold the same: their digests at a scrub's index are equal. */
public final class ReplicasIdentical implements Observer {
    private record Place(int group, long index) {}

    private final Map<Place, ScrubResult> first = new HashMap<>();

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        if (!(result instanceof ApplyResult.Scrubbing)) {
            return;
        }
        ScrubResult digest = member.scrub(entry.index());
        if (digest == null) {
            throw new Violation("identical replicas", member + " takes no digest at " + entry.index());
        }
        ScrubResult other = first.putIfAbsent(new Place(member.group(), entry.index()), digest);
        if (other != null && !other.equals(digest)) {
            throw new Violation("identical replicas", member + " has " + digest + ", another had " + other);
        }
    }
}
