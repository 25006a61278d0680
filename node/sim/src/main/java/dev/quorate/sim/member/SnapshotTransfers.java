package dev.quorate.sim.member;

import dev.quorate.raft.Message;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.MemoryStorage;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Snapshots on their way out and in: one a peer at a time. Their data takes a while, and may get lost on the way. */
final class SnapshotTransfers {
    private static final int MAX_TRANSFER_MILLIS = 60;
    private static final int ANSWER_WITHIN_MILLIS = 300;

    private final Process process;
    private final Member member;
    private final Set<UUID> underWay = new HashSet<>();
    /** By index; few, since the core takes one at a time and those before it go. */
    private final TreeMap<Long, MemoryStorage.Image> received = new TreeMap<>();

    SnapshotTransfers(Process process, Member member) {
        this.process = process;
        this.member = member;
    }

    /** What is sent is what the state machine holds by now, which may be later than what the core asked for. */
    void send(InstallSnapshot order) {
        UUID peer = order.to();
        if (process.store().applied().index() < order.snapshot().index()) {
            throw new Violation("snapshot", member + " is to send a snapshot beyond its state machine: " + order);
        }
        if (!underWay.add(peer)) {
            return;
        }
        Surroundings surroundings = member.surroundings();
        process.later(1 + surroundings.random.nextInt(MAX_TRANSFER_MILLIS), () -> {
            MemoryStorage.Image image = member.disk().state().image();
            Message message = new InstallSnapshot(order.from(), peer, order.term(), image.meta());
            surroundings.trace(member, () -> "sends " + message);
            surroundings.tell(observer -> observer.sent(member, message));
            surroundings.network.send(order.from(), peer, () -> {
                surroundings.member(peer).receive(message, image);
                surroundings.network.send(peer, order.from(), () -> finished(peer, true));
            });
        });
        process.later(ANSWER_WITHIN_MILLIS, () -> finished(peer, false));
    }

    private void finished(UUID peer, boolean delivered) {
        if (underWay.remove(peer)) {
            process.snapshotSent(peer, delivered);
        }
    }

    void received(MemoryStorage.Image image) {
        received.put(image.meta().index(), image);
    }

    MemoryStorage.Image take(SnapshotMeta meta) {
        MemoryStorage.Image image = received.get(meta.index());
        if (image == null) {
            throw new Violation("snapshot", member + " is to install a snapshot that it never got: " + meta);
        }
        received.headMap(meta.index(), true).clear();
        return image;
    }
}
