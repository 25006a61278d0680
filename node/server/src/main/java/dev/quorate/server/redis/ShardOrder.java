package dev.quorate.server.redis;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Keeps one client's requests on a shard in its order while as many as possible run at once. Reads run beside reads, and writes beside
 * writes (the store keeps the order of writes); a read waits for the writes before it, and a write for the reads before it. Confined to the
 * connection's event loop.
 */
final class ShardOrder {
    enum Kind {
        READ,
        WRITE
    }

    private record Waiting(Kind kind, Runnable start) {}

    private static final class Lane {
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private Kind kind;
        private int running;
    }

    private final Map<Integer, Lane> lanes = new HashMap<>();

    /** Starts a request now, or when those before it have finished. */
    void submit(int shard, Kind kind, Runnable start) {
        Lane lane = lanes.computeIfAbsent(shard, number -> new Lane());
        lane.waiting.add(new Waiting(kind, start));
        startWhatMay(lane);
    }

    /** A request that was started on the shard has finished. */
    void finished(int shard) {
        Lane lane = lanes.get(shard);
        lane.running--;
        startWhatMay(lane);
        if (lane.running == 0) {
            lanes.remove(shard);
        }
    }

    /** Forgets what has not started. */
    void clear() {
        lanes.values().forEach(lane -> lane.waiting.clear());
    }

    private static void startWhatMay(Lane lane) {
        while (!lane.waiting.isEmpty()
                && (lane.running == 0 || lane.waiting.element().kind() == lane.kind)) {
            Waiting next = lane.waiting.remove();
            lane.kind = next.kind();
            lane.running++;
            next.start().run();
        }
    }
}
