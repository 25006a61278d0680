package dev.quorate.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks for an order of one key's operations, depth first. */
final class Search {
    enum End {
        FOUND,
        NONE,
        OUT_OF_BUDGET
    }

    private final Budget budget;
    private final Map<Configuration.Id, List<Configuration>> visited = new HashMap<>();
    private final Deque<Configuration> path = new ArrayDeque<>();
    private final List<Configuration> furthest = new ArrayList<>();
    private long usedBytes;

    Search(KeyHistory key, Budget budget) {
        this.budget = budget;
        path.push(Configuration.start(key));
    }

    End run() {
        if (path.peek().isComplete()) {
            return End.FOUND;
        }
        furthest.add(path.peek());
        while (!path.isEmpty()) {
            Configuration next = path.peek().next(this::isNew);
            if (next == null) {
                path.pop();
                continue;
            }
            if (next.isComplete()) {
                return End.FOUND;
            }
            keepFurthest(next);
            if (!next.isDeadEnd()) {
                path.push(next);
            }
            if (!budget.allows(usedBytes)) {
                return End.OUT_OF_BUDGET;
            }
        }
        return End.NONE;
    }

    /** Nothing that is covered by a visited one need be visited. */
    private boolean isNew(Configuration next) {
        List<Configuration> same = visited.computeIfAbsent(next.id(), id -> new ArrayList<>(1));
        for (Configuration each : same) {
            if (each.covers(next)) {
                return false;
            }
        }
        same.removeIf(next::covers);
        same.add(next);
        usedBytes += next.sizeBytes();
        return true;
    }

    private void keepFurthest(Configuration next) {
        if (next.position > furthest.getFirst().position) {
            furthest.clear();
        }
        if (furthest.isEmpty() || next.position == furthest.getFirst().position) {
            furthest.add(next);
        }
    }

    /** All visited configurations of the greatest position: no order places all operations before it and itself. */
    List<Configuration> furthest() {
        return furthest;
    }
}
