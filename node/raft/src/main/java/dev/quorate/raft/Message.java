package dev.quorate.raft;

import java.util.List;
import java.util.UUID;

/** What members of a group say to each other. Every message carries its sender's term, but for those of pre-vote (see there). */
public sealed interface Message {
    UUID from();

    UUID to();

    long term();

    /**
     * RequestVote (figure 2), and its dry run: a pre-vote (§9.6 of the dissertation) carries the term the sender would move to and changes
     * nothing at the receiver.
     *
     * @param transfer the sender was told by the leader to campaign: receivers do not hold the leader's lease against it
     */
    record RequestVote(
            UUID from, UUID to, long term, long lastLogIndex, long lastLogTerm, boolean preVote, boolean transfer)
            implements Message {}

    /** Answer to {@link RequestVote}; a granted pre-vote carries the term it was asked for, a refusal the receiver's own. */
    record VoteResponse(UUID from, UUID to, long term, boolean granted, boolean preVote) implements Message {}

    /**
     * AppendEntries (figure 2).
     *
     * @param readContext the newest batch of reads that an answer confirms (ReadIndex, §6.4 of the dissertation); 0 for none
     */
    record AppendEntries(
            UUID from,
            UUID to,
            long term,
            long prevLogIndex,
            long prevLogTerm,
            List<Entry> entries,
            long leaderCommit,
            long readContext)
            implements Message {}

    /**
     * Answer to {@link AppendEntries}.
     *
     * @param index when successful the last index known to match and to be durable; else the prevLogIndex refused
     * @param hintIndex when refused: where the leader may try next
     * @param hintTerm when refused: the term of the receiver's entry there
     * @param readContext that of the request
     */
    record AppendResponse(
            UUID from, UUID to, long term, boolean success, long index, long hintIndex, long hintTerm, long readContext)
            implements Message {}

    /**
     * InstallSnapshot (§7). As the core sends it, it is an order to the driver: bring the peer a snapshot at {@code snapshot.index()} or later. The
     * driver streams the data, its own or another member's, and the receiver's core sees this message, with the index and term of what was really
     * sent, once all of the data is there and verified. It is always from the leader that ordered it, whoever sent the data.
     */
    record InstallSnapshot(UUID from, UUID to, long term, SnapshotMeta snapshot) implements Message {}

    /**
     * A follower or learner asks its leader for a read index (§6.4 of the dissertation).
     *
     * @param readId never used before by the sender, not even in an earlier life
     */
    record ReadIndexRequest(UUID from, UUID to, long term, long readId) implements Message {}

    /**
     * Answer to {@link ReadIndexRequest}.
     *
     * @param granted the sender was confirmed as the leader after the request came; else it does not answer reads
     * @param index covers all that was committed when the request came; 0 when not granted
     */
    record ReadIndexResponse(UUID from, UUID to, long term, long readId, boolean granted, long index)
            implements Message {}

    /** Leadership transfer (§3.10 of the dissertation): campaign at once. */
    record TimeoutNow(UUID from, UUID to, long term) implements Message {}
}
