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
 * One column family: a flush makes all rows durable as they are at one instant. Numbers are big-endian.
 *
 * <pre>
 * 00 01                                             format of this layout: 2
 * 00 02                                             applied: index (8 bytes), term (8)
 * 00 03                                             members, see raft.MembershipCodec
 * 00 04                                             the shard map (root group only), a ShardMap
 * 00 05                                             where the members are, and who was removed: a GroupMembers
 * 00 06                                             written back: index (8)
 * 01 shard(2)                                       a ShardRecord
 * 02 shard(2) incarnation(8) key                    format(1) = 1, version(8), deadline(8), value
 * 03 shard(2) incarnation(8) deadline(8) key        version(8): exactly one for each key that has a deadline
 * 04 shard(2) incarnation(8) client(16)             a SessionRecord
 * 05 shard(2) incarnation(8) index(8)               a TailEntry: what that entry of the log changed while the shard was exported
 * 06 first key                                      first key beyond a range that was dropped: this member's own, not of the state ({@code DroppedRanges})
 * </pre>
 *
 * <h2>Durability</h2>
 * The Raft log is the log: RocksDB's own is off. A crash loses what was not flushed, and the log replays from the applied index that was. Therefore the
 * log must not be compacted past {@link dev.quorate.store.Store#flushedIndex}.
 *
 * <p>So a row that changes with every write need not be written with every write, only before every flush. Shards' records and the sessions used of late
 * are in memory; their rows lag behind ({@code Database}). A crash can't show it:
 * <ol>
 *   <li>A batch holds all rows that its entries change, but for records and sessions, and the applied index A. So rows are always those of index A, but
 *       for records and sessions.
 *   <li>Writing back puts into one batch every record and session that memory has newer, and the index B = A. It runs between two batches, by who alone
 *       may write. So after it rows are those of index A, whole.
 *   <li>RocksDB flushes only when told: its buffer is larger than it ever gets, it flushes neither when it closes nor to recover from an error. A
 *       flush makes durable the rows as they are when it begins. The store begins one just after writing back, before the next batch: what becomes durable is
 *       whole, by 2.
 *   <li>{@code flush} and {@code checkpoint} let RocksDB choose the instant, and applying goes on meanwhile. Therefore they write back, and until they are
 *       done every batch also holds the records and sessions that its entries change, and B = A. So rows are whole after every batch.
 *   <li>A batch that fails leaves memory of no index; then nothing is written back or flushed any more, and the process replays from what is durable.
 * </ol>
 * By 3 and 4 what is durable is always the whole state at index A, and a state has B = A. The reverse is the safety net: rows with another B were flushed by
 * something that this proof does not know of. They are refused as damaged, on opening and in a received snapshot, and never silently wrong.
 *
 * <h2>Imports</h2>
 * The rows of a shard that arrives come in the order of keys, where nothing is ({@code ImportRuns}). Buffered, flushed and compacted like others they would be
 * written about five times, by each member. Instead data that comes in a chunk without a tail goes into a <em>run</em>: a file of RocksDB's own format, blocks
 * with checksums, that RocksDB takes over as it is. A crash can't show it either:
 * <ol>
 *   <li>A run ends before every flush, as part of writing back: before the index of its chunks can be durable its rows are. While RocksDB chooses when to
 *       flush, data of chunks goes into batches.
 *   <li>It also ends before anybody looks at the shard's rows: before a chunk with a tail, a scrub, every other command of a move, and with the last of
 *       the rows.
 *   <li>So a crash leaves all rows up to the applied index, and perhaps more that runs made durable ahead of it, beyond the record's
 *       {@code resume_after} or of an incarnation that no record knows yet. These are deleted when the store is opened, and the log brings them again: rows are those of index A, whole.
 *   <li>RocksDB would flush by itself if something in its buffer lay between a run's first key and its last. Nothing does: all that an import wrote before lies
 *       below, since chunks go on where the record stands and rows that do not ascend are left out. After an import has started over, whose deletion lies in
 *       the buffer, data goes into batches until that is durable. The safety net is that RocksDB is told to refuse.
 * </ol>
 *
 * <p>Who looks at rows is told what they lack: a {@link dev.quorate.store.StoreView} has the records as they were in memory, and does not show
 * sessions; a {@link dev.quorate.store.RowsView} has the sessions of its shard written back first. Every session has a row, though it may be old.
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
 * from then on it is refused. The result is durable with the write itself, is in snapshots, and moves with the shard; sessions are never merged, and a
 * shard that was not owned when a write came left no trace of it. Sessions end by replicated commands only: those not used for a time by the shard's clock
 * ({@code EvictSessions}), and the least recently used eighth when a shard has 1,024.
 *
 * <p>An idle session costs about 60 bytes on disk, and for each result not acknowledged about 20 bytes and the values in it; at most 256 KiB and one
 * result. Those used last are in memory, about 270 bytes each and for each result not acknowledged 128 and the values in it; all together 16 MiB, some
 * 60,000 idle sessions. Beyond that the least recently used is only in its row. A shard's record takes about 250 bytes of memory: 4 MiB for 16,384.
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
