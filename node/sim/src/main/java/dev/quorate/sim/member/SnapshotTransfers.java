package dev.quorate.sim.member;

import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.SnapshotPosition;
import dev.quorate.server.snapshot.SnapshotReceiver;
import dev.quorate.sim.world.Network;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.Checkpoint;
import dev.quorate.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Snapshots on their way out and in: one a peer at a time, sent by the leader or by another member in its place. The receiver is the node's own. */
final class SnapshotTransfers {
    private static final int ERRAND_PATIENCE_MILLIS = 1_000;
    private static final int MAX_HANDLING_MILLIS = 3;

    private final Process process;
    private final Member member;
    private final Network network;
    private final ReceivedFiles files = new ReceivedFiles();
    private final SnapshotReceiver receiver;
    /** What the core ordered, by the member that it goes to. */
    private final Map<UUID, InstallSnapshot> underWay = new HashMap<>();

    SnapshotTransfers(Process process, Member member) {
        this.process = process;
        this.member = member;
        this.network = member.surroundings().network;
        this.receiver = new SnapshotReceiver(
                member.id(),
                Path.of("in"),
                files,
                process::receiveSnapshot,
                this::verify,
                () -> process.store().applied().index());
    }

    void send(InstallSnapshot order) {
        if (process.store().applied().index() < order.snapshot().index()) {
            throw new Violation("snapshot", member + " is to send a snapshot beyond its state machine: " + order);
        }
        if (underWay.putIfAbsent(order.to(), order) != null) {
            return;
        }
        Member helper = helper(order);
        if (helper == null) {
            deliver(order, delivered -> finished(order, delivered));
        } else {
            network.send(
                    member.id(),
                    helper.id(),
                    () -> helper.deliverSnapshot(
                            order,
                            delivered -> network.send(helper.id(), member.id(), () -> finished(order, delivered))));
            process.later(ERRAND_PATIENCE_MILLIS, () -> finished(order, false));
        }
    }

    /** One that is to send in the leader's place, or null. */
    private Member helper(InstallSnapshot order) {
        List<UUID> others = process.status().membership().members().stream()
                .filter(id -> !id.equals(member.id()) && !id.equals(order.to()))
                .toList();
        return others.isEmpty() || process.random(2) == 0
                ? null
                : member.surroundings().member(others.get(process.random(others.size())));
    }

    /** What is sent is what the state machine holds by now, which may be later than what the core asked for. */
    void deliver(InstallSnapshot order, Consumer<Boolean> onEnd) {
        if (process.store().applied().index() < order.snapshot().index()) {
            onEnd.accept(false);
        } else {
            new OutgoingSnapshot(process, member, order, onEnd).offer();
        }
    }

    private void finished(InstallSnapshot order, boolean delivered) {
        if (underWay.remove(order.to(), order)) {
            process.snapshotSent(order.to(), delivered);
        }
    }

    /** @param answer gets where to go on, or null: refused */
    void take(Request request, Consumer<SnapshotPosition> answer) {
        process.later(process.random(MAX_HANDLING_MILLIS), () -> answer.accept(handle(request)));
    }

    private SnapshotPosition handle(Request request) throws IOException {
        try {
            return switch (request.getCallCase()) {
                case OFFER_SNAPSHOT -> receiver.offer(request.getOfferSnapshot());
                case SNAPSHOT_CHUNK -> receiver.chunk(request.getSnapshotChunk());
                case FINISH_SNAPSHOT -> {
                    receiver.finish(request.getFinishSnapshot().getTransfer());
                    yield SnapshotPosition.getDefaultInstance();
                }
                default -> throw new IllegalArgumentException("no request of a snapshot's sender: " + request);
            };
        } catch (RequestException e) {
            member.surroundings().trace(member, () -> "refuses a snapshot: " + e.getMessage());
            return null;
        }
    }

    private void verify(Checkpoint received) {
        Surroundings surroundings = member.surroundings();
        if (surroundings.happens(surroundings.pace.snapshotDamagePerMille())) {
            files.rot(received, surroundings.random);
        }
        files.verify(received);
    }

    /** What the core decided to install. */
    MemoryStorage.Image take(SnapshotMeta meta) throws IOException {
        Checkpoint taken = receiver.take(meta);
        MemoryStorage.Image image = files.read(taken);
        files.delete(taken.directory());
        return image;
    }
}
