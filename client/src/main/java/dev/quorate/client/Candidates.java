package dev.quorate.client;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whom one call asks next. Members that it has asked in vain come after those that it has not, whatever the map says meanwhile: a member that stands still may be called the
 * leader for a while yet, and when it is not any more the order of the members is another.
 */
final class Candidates {
    /** Of the first round, doubled with each: a member that stands still should not cost much, one that is slow should have its time. */
    private static final long TRY_MILLIS = 1_000;

    private static final int DOUBLINGS_MAX = 2;

    private final int first;
    private Set<Endpoint> missed = Set.of();
    private int rounds;

    /**
     * @param first number of the member to begin with, modulo their count
     */
    Candidates(int first) {
        this.first = first;
    }

    /** Another round begins when all have been missed. */
    Endpoint next(List<Endpoint> members) {
        if (!missed.isEmpty() && missed.containsAll(members)) {
            missed = Set.of();
            rounds++;
        }
        int number = first % members.size();
        while (missed.contains(members.get(number))) {
            number = (number + 1) % members.size();
        }
        return members.get(number);
    }

    void miss(Endpoint member) {
        if (missed.isEmpty()) {
            missed = new HashSet<>();
        }
        missed.add(member);
    }

    boolean missed(Endpoint member) {
        return missed.contains(member);
    }

    /** How long to wait for a member's answer when the request may be sent again. */
    long tryMillis() {
        return TRY_MILLIS << Math.min(rounds, DOUBLINGS_MAX);
    }
}
