package dev.quorate.sim;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipCodec;
import dev.quorate.raft.Ready;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.store.ApplyResult;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The configurations of a group that may decide something yet: the last that is committed, and all that some log or some message may hold behind it. One
 * that was proposed counts until an entry is committed at its index, even when its leader and all that had it are down.
 */
final class LiveMemberships implements Observer {
    private final TreeMap<Long, Set<Membership>> proposed = new TreeMap<>();
    private Membership committed;
    private long committedIndex;

    /** @param first of the group when it is founded */
    LiveMemberships(Membership first) {
        committed = first;
    }

    @Override
    public void handedOut(Member member, Ready ready) {
        for (Entry entry : ready.entries()) {
            if (entry.type() == Entry.Type.MEMBERSHIP && entry.index() > committedIndex) {
                proposed.computeIfAbsent(entry.index(), index -> new HashSet<>())
                        .add(MembershipCodec.decode(entry.data()));
            }
        }
    }

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        if (entry.index() > committedIndex) {
            committedIndex = entry.index();
            proposed.headMap(committedIndex, true).clear();
            if (entry.type() == Entry.Type.MEMBERSHIP) {
                committed = MembershipCodec.decode(entry.data());
            }
        }
    }

    boolean allMatch(Predicate<Membership> condition) {
        return Stream.concat(Stream.of(committed), proposed.values().stream().flatMap(Set::stream))
                .allMatch(condition);
    }

    /** Whether one of them has the member, in whatever role. */
    boolean name(UUID member) {
        return !allMatch(membership -> !membership.members().contains(member));
    }
}
