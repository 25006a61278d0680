package dev.quorate.control;

/**
 * What the user asked for.
 *
 * @param name the cluster's name, for people
 * @param clusterId its identity, on every disk that belongs to it
 * @param groups how many groups shall serve
 * @param replicas members of each group, odd, up to 9
 * @param shards how many shards the keys are cut into, a power of two in 1..16384
 * @param maxMoves most shards that move at once in the cluster
 * @param maxMovesPerGroup most shards that move from or to one group at once
 */
public record ClusterSpec(
        String name, String clusterId, int groups, int replicas, int shards, int maxMoves, int maxMovesPerGroup) {
    public static final int MAX_SHARDS = 16384;
    public static final int MAX_REPLICAS = 9;
    public static final int DEFAULT_MAX_MOVES = 32;
    public static final int DEFAULT_MAX_MOVES_PER_GROUP = 16;

    /** @throws IllegalArgumentException with a sentence for people, when the numbers do not fit together */
    public ClusterSpec {
        require(!name.isBlank(), "a cluster needs a name");
        require(!clusterId.isBlank(), "a cluster needs an id");
        require(
                replicas >= 1 && replicas <= MAX_REPLICAS && replicas % 2 == 1,
                "replicas must be odd and from 1 to " + MAX_REPLICAS + ", not " + replicas);
        require(
                shards >= 1 && shards <= MAX_SHARDS && Integer.bitCount(shards) == 1,
                "shards must be a power of two from 1 to " + MAX_SHARDS + ", not " + shards);
        require(
                groups >= 1 && groups <= shards,
                "groups must be from 1 to the number of shards, which is " + shards + ", not " + groups);
        require(maxMoves >= 1 && maxMovesPerGroup >= 1, "at least one shard must be allowed to move at a time");
    }

    /** A specification with the usual limits of moves. */
    public static ClusterSpec of(String name, String clusterId, int groups, int replicas, int shards) {
        return new ClusterSpec(
                name, clusterId, groups, replicas, shards, DEFAULT_MAX_MOVES, DEFAULT_MAX_MOVES_PER_GROUP);
    }

    public ClusterSpec withGroups(int count) {
        return new ClusterSpec(name, clusterId, count, replicas, shards, maxMoves, maxMovesPerGroup);
    }

    public ClusterSpec withReplicas(int count) {
        return new ClusterSpec(name, clusterId, groups, count, shards, maxMoves, maxMovesPerGroup);
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
