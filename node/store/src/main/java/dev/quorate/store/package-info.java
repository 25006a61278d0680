/**
 * The replicated state machine of a group. {@link dev.quorate.store.Store} takes committed entries of the Raft log and gives results; its
 * state is a pure function of the entries, so all members hold the same.
 *
 * <h2>Storage</h2>
 * All state is in {@link dev.quorate.store.Rows}, an ordered map with atomic batches, snapshots and a durable prefix. RocksDB in a directory is one
 * ({@link dev.quorate.store.RocksStorage}); memory that forgets what was not flushed is the other ({@link dev.quorate.store.MemoryStorage}), for
 * simulations of whole clusters: the code above the seam is the same.
 *
 * <h2>Layout</h2>
 * One column family, so that a flush never puts the applied index ahead of the data. Numbers are big-endian.
 *
 * <pre>
 * 00 01                                             format of this layout: 1
 * 00 02                                             applied: index (8 bytes), term (8)
 * 00 03                                             members, see raft.MembershipCodec
 * 00 04                                             the shard map (root group only), a ShardMap
 * 00 05                                             where the members are, and who was removed: a GroupMembers
 * 01 shard(2)                                       a ShardRecord
 * 02 shard(2) incarnation(8) key                    format(1) = 1, version(8), deadline(8), value
 * 03 shard(2) incarnation(8) deadline(8) key        version(8): exactly one for each key that has a deadline
 * 04 shard(2) incarnation(8) client(16)             a SessionRecord
 * 05 shard(2) incarnation(8) index(8)               a TailEntry: what that entry of the log changed while the shard was exported
 * </pre>
 *
 * <h2>Durability</h2>
 * The Raft log is the log: RocksDB's own is off. Every batch carries the applied index. RocksDB flushes whole batches in order, so after a crash it is
 * at some index that was applied, not below {@link dev.quorate.store.Store#flushedIndex}, and the log replays from there. Therefore the log must not be
 * compacted past that index.
 *
 * <h2>Keys</h2>
 * A write is a list of operations on keys of one shard. It takes effect as a whole or, when one operation is refused, not at all; a condition that does
 * not hold is no refusal. Every change of a key, its removal too, takes the next version of the shard. A key whose deadline is not after the shard's
 * clock is absent to every operation; its bytes stay until an {@code ExpireKeys} names it with its version. The clock moves only with commands of
 * shards that are owned, and never back.
 *
 * <h2>Sessions</h2>
 * A write that carries a session takes effect once, however often it comes: exactly once, when its client sends it until it has an answer. A session is
 * of one client in one shard, opened by {@code OpenSession}, which gives it an incarnation that no other session of the shard ever had. It knows, for each
 * sequence from the client's lowest outstanding one on, whether that write was done and with what result:
 *
 * <pre>
 *   no session, or of another incarnation        SessionExpired
 *   sequence below the lowest outstanding        SessionExpired: its client has the answer, this copy was late
 *   sequence with a result                       that result; nothing is done
 *   sequence beyond the window of 1,024          SessionExpired
 *   256 KiB of results are kept                  SessionFull; nothing is done
 *   else                                         done, and the result is kept; a rejection too
 * </pre>
 *
 * Why never twice: a sequence is done only while it has no result, and then has one until it is below the lowest outstanding or the session is gone;
 * from then on it is refused. The result is in the batch of the write itself, in snapshots, and moves with the shard; sessions are never merged, and a
 * shard that was not owned when a write came left no trace of it. Sessions end by replicated commands only: those not used for a time by the shard's clock
 * ({@code EvictSessions}), and the least recently used eighth when a shard has 1,024.
 *
 * <p>An idle session costs no memory. On disk it is one row: about 60 bytes, and for each result not acknowledged about 20 bytes and the values in it; at
 * most 256 KiB and one result.
 *
 * <h2>Shards</h2>
 * <pre>
 *   none --CreateMap--> OWNED --export--> EXPORTING --freeze--> FROZEN --release--> RELEASED --purge--> none
 *                         ^                   |                   |                    |
 *                         +-------thaw--------+---------thaw------+                    |
 *                         |                                      +---------------------+
 *                         +--adopt-- IMPORTING <--begin----------+-- none
 *                                        |
 *                                        +--discard--> none
 * </pre>
 * OWNED and EXPORTING shards take writes; what they change while EXPORTING is kept as a tail for the target ({@code docs/moves.md} says why that makes a
 * copy). Each change of state names its move, and is a no-op when that is not the current one. Ids of moves only go up and a
 * record remembers the last, also in state NONE, so what belongs to an older move never takes effect. The id of the move that brings a shard is its
 * incarnation and part of its data's keys: what is left of an earlier stay can be purged at leisure without touching the present one. An import that
 * does not arrive as it was sent starts over: {@code next_chunk} is 0 again. {@code resume_after} has a meaning only when {@code next_chunk} is not 0.
 *
 * <h2>Scrub</h2>
 * A {@code Scrub(shard)} command changes nothing; its result is {@link dev.quorate.store.ApplyResult.Scrubbing} with its index in the log. Every
 * replica that applies it takes, in the background and at a bounded rate, a digest of the shard as it is at just that index: of its record and of all
 * its rows. {@link dev.quorate.store.Store#scrub} gives it by that index once it is there. To compare replicas: propose a {@code Scrub}, wait until it is
 * applied, ask every member for the result at its index until it has one or another scrub is due; digests that differ, or a result with
 * {@code damage}, mean a replica that is not what the log made it. A store in memory takes the digest at once.
 *
 * <h2>Snapshots</h2>
 * {@link dev.quorate.store.Store#checkpoint} makes a directory of hard links, {@link dev.quorate.store.Store#install} verifies a received one and swaps it
 * in. Beside {@code current} the store's directory holds {@code next} and {@code previous} while that goes on.
 */
package dev.quorate.store;
