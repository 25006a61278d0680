package dev.quorate.sim.world;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/** Loses, delays, duplicates and reorders messages, and cuts links, in one direction or both. */
public final class Network {
    private static final int VERY_LATE = 20;

    private record Link(UUID from, UUID to) {}

    private final Timeline timeline;
    private final SplittableRandom random;
    private final Set<Link> cut = new HashSet<>();
    private Quality quality = Quality.GOOD;

    public Network(Timeline timeline, SplittableRandom random) {
        this.timeline = timeline;
        this.random = random;
    }

    /**
     * How bad the network is.
     *
     * @param dropPerMille chance that a message is lost
     * @param duplicatePerMille chance that it arrives twice
     * @param maxDelayMillis delays differ up to this
     * @param latePerMille chance that the delay is up to twenty times as long: old terms and old appends have to be dealt with too
     */
    public record Quality(int dropPerMille, int duplicatePerMille, int maxDelayMillis, int latePerMille) {
        public static final Quality GOOD = new Quality(0, 0, 3, 0);
    }

    public void quality(Quality next) {
        quality = next;
    }

    public void cut(UUID from, UUID to) {
        cut.add(new Link(from, to));
    }

    public void heal() {
        cut.clear();
    }

    /** Whether the link is not cut. */
    public boolean connects(UUID from, UUID to) {
        return !isCut(from, to);
    }

    /** False when the message is known to be lost: the sender's side of the link is cut. It may get lost anyhow. */
    public boolean send(UUID from, UUID to, Runnable arrival) {
        if (isCut(from, to)) {
            return false;
        }
        if (!happens(quality.dropPerMille())) {
            deliverLater(from, to, arrival);
            if (happens(quality.duplicatePerMille())) {
                deliverLater(from, to, arrival);
            }
        }
        return true;
    }

    private void deliverLater(UUID from, UUID to, Runnable arrival) {
        int bound = quality.maxDelayMillis() * (happens(quality.latePerMille()) ? VERY_LATE : 1);
        timeline.after(1 + random.nextInt(bound), () -> {
            if (!isCut(from, to)) {
                arrival.run();
            }
        });
    }

    private boolean happens(int perMille) {
        return perMille > 0 && random.nextInt(1000) < perMille;
    }

    private boolean isCut(UUID from, UUID to) {
        return !cut.isEmpty() && cut.contains(new Link(from, to));
    }
}
