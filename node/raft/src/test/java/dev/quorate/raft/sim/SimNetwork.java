package dev.quorate.raft.sim;

import dev.quorate.raft.Message;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;

/** Loses, delays, duplicates and reorders messages, and cuts links, in one direction or both. */
final class SimNetwork {
    /** What travels: a message, and the data of the snapshot that it announces. */
    record Envelope(Message message, StateMachine snapshotState) {}

    private record Link(UUID from, UUID to) {}

    private final EventQueue events;
    private final SplittableRandom random;
    private final Consumer<Envelope> receiver;
    private final Set<Link> cut = new HashSet<>();
    private FaultProfile faults;

    SimNetwork(EventQueue events, SplittableRandom random, FaultProfile faults, Consumer<Envelope> receiver) {
        this.events = events;
        this.random = random;
        this.faults = faults;
        this.receiver = receiver;
    }

    void faults(FaultProfile next) {
        faults = next;
    }

    void cut(UUID from, UUID to) {
        cut.add(new Link(from, to));
    }

    void heal() {
        cut.clear();
    }

    /** True when the message is on its way; it may still meet a cut link at its arrival. */
    boolean send(Envelope envelope) {
        if (isCut(envelope) || random.nextInt(1000) < faults.drop()) {
            return false;
        }
        deliverLater(envelope);
        if (random.nextInt(1000) < faults.duplicate()) {
            deliverLater(envelope);
        }
        return true;
    }

    private void deliverLater(Envelope envelope) {
        // Few messages are very late: old terms and old appends have to be dealt with too.
        int bound = random.nextInt(50) == 0 ? 20 * faults.maxDelay() : faults.maxDelay();
        events.after(1 + random.nextInt(bound), () -> {
            if (!isCut(envelope)) {
                receiver.accept(envelope);
            }
        });
    }

    private boolean isCut(Envelope envelope) {
        return !cut.isEmpty()
                && cut.contains(
                        new Link(envelope.message().from(), envelope.message().to()));
    }
}
