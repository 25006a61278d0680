package dev.quorate.sim.member;

import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.server.proto.FinishSnapshot;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.SnapshotPosition;
import dev.quorate.server.snapshot.SnapshotRequests;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One snapshot on its way to one member, in the order of the node's sender: offered, sent chunk by chunk, finished; offered again where an answer does not
 * come or a chunk is not taken, so that it goes on where the receiver says; given up when nothing has moved for some time.
 */
final class OutgoingSnapshot {
    private static final int MAX_FILES = 3;
    private static final int MAX_CHUNKS_PER_FILE = 4;
    private static final int MAX_CHUNK_PAUSE_MILLIS = 15;
    private static final int ANSWER_WITHIN_MILLIS = 150;
    private static final int RETRY_PAUSE_MILLIS = 20;
    private static final int PATIENCE_MILLIS = 500;

    private final Process process;
    private final Member member;
    private final Surroundings surroundings;
    private final InstallSnapshot order;
    private final SnapshotImage image;
    private final Consumer<Boolean> onEnd;
    private final long transfer;
    private final int chunksPerFile;
    private SnapshotPosition position = SnapshotPosition.getDefaultInstance();
    private long lastCall;
    private long movedAt;
    private boolean ended;

    /**
     * @param order of the leader in whose name it is sent
     * @param onEnd told whether it was delivered
     */
    OutgoingSnapshot(Process process, Member member, InstallSnapshot order, Consumer<Boolean> onEnd) {
        this.process = process;
        this.member = member;
        this.surroundings = member.surroundings();
        this.order = order;
        this.onEnd = onEnd;
        this.image = SnapshotImage.of(process.store().image(), 1 + process.random(MAX_FILES));
        this.transfer = surroundings.random.nextLong();
        this.chunksPerFile = 1 + process.random(MAX_CHUNKS_PER_FILE);
        this.movedAt = surroundings.timeline.now();
        if (surroundings.happens(surroundings.pace.snapshotDamagePerMille())) {
            image.files().stream()
                    .filter(file -> file.length > 0)
                    .findFirst()
                    .ifPresent(file -> Damage.flip(file, surroundings.random));
        }
    }

    void offer() {
        call(Request.newBuilder()
                .setOfferSnapshot(SnapshotRequests.offer(transfer, order.from(), order.term(), image.checkpoint()))
                .build());
    }

    private void call(Request request) {
        long number = ++lastCall;
        Consumer<SnapshotPosition> answer = next -> process.later(0, () -> {
            if (number == lastCall && !ended) {
                answered(request, next);
            }
        });
        surroundings.network.send(
                member.id(),
                order.to(),
                () -> surroundings
                        .member(order.to())
                        .takeSnapshotRequest(
                                onItsWay(request),
                                next -> surroundings.network.send(order.to(), member.id(), () -> answer.accept(next))));
        process.later(ANSWER_WITHIN_MILLIS, () -> {
            if (number == lastCall && !ended) {
                tryAgain();
            }
        });
    }

    private Request onItsWay(Request request) {
        boolean damaged =
                request.hasSnapshotChunk() && surroundings.happens(surroundings.pace.snapshotDamagePerMille());
        return damaged
                ? request.toBuilder()
                        .setSnapshotChunk(Damage.of(request.getSnapshotChunk(), surroundings.random))
                        .build()
                : request;
    }

    /** @param next where the receiver wants to go on, or null when it refused */
    private void answered(Request request, SnapshotPosition next) {
        boolean moved = !position.equals(next);
        if (next == null) {
            end(false);
        } else if (request.hasFinishSnapshot()) {
            end(true);
        } else if (request.hasSnapshotChunk() && !moved) {
            tryAgain();
        } else {
            if (moved) {
                position = next;
                movedAt = surroundings.timeline.now();
            }
            process.later(process.random(MAX_CHUNK_PAUSE_MILLIS), this::goOn);
        }
    }

    private void goOn() {
        if (position.getFile() == image.files().size()) {
            call(Request.newBuilder()
                    .setFinishSnapshot(FinishSnapshot.newBuilder().setTransfer(transfer))
                    .build());
        } else {
            byte[] file = image.files().get(position.getFile());
            int from = (int) position.getOffset();
            int to = Math.min(file.length, from + Math.ceilDiv(file.length, chunksPerFile));
            call(Request.newBuilder()
                    .setSnapshotChunk(SnapshotRequests.chunk(transfer, position, Arrays.copyOfRange(file, from, to)))
                    .build());
        }
    }

    private void tryAgain() {
        lastCall++;
        if (surroundings.timeline.now() - movedAt > PATIENCE_MILLIS) {
            end(false);
        } else {
            process.later(1 + process.random(RETRY_PAUSE_MILLIS), this::offer);
        }
    }

    private void end(boolean delivered) {
        ended = true;
        onEnd.accept(delivered);
    }
}
