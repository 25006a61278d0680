package dev.quorate.bench.scaling;

/**
 * What work takes, in nanoseconds. Derived from the table "Where a write's time goes" of docs/measured.md: its two rows, of some 200 writes to a sync and of
 * some 60, give for each thread what a batch takes and what a write takes.
 *
 * @param message on either end: to write or read it, and to wake who waits for it
 * @param leaderWrite network and core of the leader, for each write
 * @param followerWrite the same of a follower
 * @param logBatch the log's thread, for each sync
 * @param logWrite and for each write
 * @param applyBatch the applying thread, for each batch
 * @param leaderApply and for each write: there are answers to be made
 * @param followerApply the same of a follower
 * @param background what compilers, collectors and RocksDB's own threads take for each write
 * @param callerWrite the client's callers
 * @param clientWrite the client's network thread
 * @param sync until the disk has what was written
 * @param network from one machine to another
 */
record Costs(
        long message,
        long leaderWrite,
        long followerWrite,
        long logBatch,
        long logWrite,
        long applyBatch,
        long leaderApply,
        long followerApply,
        long background,
        long callerWrite,
        long clientWrite,
        long sync,
        long network) {
    static Costs measured(long syncMicros, long networkMicros) {
        return new Costs(
                60_000,
                1_500,
                300,
                140_000,
                200,
                200_000,
                2_900,
                2_400,
                1_900,
                2_200,
                2_200,
                syncMicros * 1_000,
                networkMicros * 1_000);
    }
}
