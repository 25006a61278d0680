package dev.quorate.cli.nemesis;

import java.util.List;

/** How many shards were seen with another owner than before: at least so many moves there were. Safe for many threads. */
final class MoveCount {
    private List<Integer> owners = List.of();
    private long count;

    /** @param owning group by shard; empty when it is not known */
    synchronized void look(List<Integer> owning) {
        if (owning.isEmpty()) {
            return;
        }
        for (int shard = 0; shard < owners.size(); shard++) {
            count += owners.get(shard).equals(owning.get(shard)) ? 0 : 1;
        }
        owners = List.copyOf(owning);
    }

    synchronized long count() {
        return count;
    }
}
