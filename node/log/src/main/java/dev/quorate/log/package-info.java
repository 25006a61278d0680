/**
 * The write-ahead log of a member: Raft's entries and hard state, durable by group commit.
 *
 * <h2>Use</h2>
 *
 * <pre>{@code
 * try (var log = WriteAheadLog.open(directory, LogOptions.defaults())) {
 *     log.append(hardState, entries);   // any number of times: whatever queued up meanwhile
 *     log.sync();                       // one fdatasync for all of it
 *     log.compact(snapshotMeta);        // from any thread
 * }
 * }</pre>
 *
 * One thread appends, syncs and resets. Any thread reads and compacts. Whoever writes must not be interrupted meanwhile: the interrupt closes the
 * file under the write, which then counts as failed. Errors: {@link dev.quorate.log.LogFullException} had no effect, and the log goes on;
 * {@link dev.quorate.log.LogFailedException} has an unknown effect, and the process must stop; {@link dev.quorate.log.LogDamagedException} means
 * that the replica must be rebuilt; {@link dev.quorate.log.LogLockedException} that somebody else has the directory.
 *
 * <h2>The stream</h2>
 *
 * The log is one stream of frames. A position in it is an LSN. The stream lies in <em>segments</em>: files named by the LSN of their first byte,
 * 16 hexadecimal digits and {@code .log}. A segment ends with an end frame, and the next one begins at the LSN where that ends, so LSNs have no
 * gaps and never repeat in another file. All frames of one append lie in one segment; an append that is larger than a segment gets a segment of
 * its own size. Files grow by zeros, 4 MiB at a time, before frames are written over them: an fdatasync then has no metadata to write. Segments
 * that are not needed become {@code N.spare} and are used again, frames of their earlier use and all; a bounded number of them is kept. {@code
 * LOCK} is locked while the log is open.
 *
 * <h2>Layout</h2>
 *
 * Numbers are little-endian. Frames start at multiples of 8 bytes and are filled up with zeros. Every frame begins with
 *
 * <pre>
 * offset bytes
 *      0     4  CRC32C of all that follows in the frame, the filling included; exclusive-or the log's salt
 *      4     4  length of header and payload, without the filling
 *      8     8  LSN of the frame
 *     16     8  durable mark: the LSN up to which the log was durable when the frame was written
 *     24     4  timeline
 *     28     1  type
 *     29     1  for an entry: its {@link dev.quorate.raft.Entry.Type}'s ordinal
 *     30     2  zero
 *     32        payload
 * </pre>
 *
 * The LSN stands for the segment's generation and the offset in it: a frame that a recycled file still holds has a lower LSN than its place has
 * now, and is not valid there. The salt is drawn at random for each log and stands in each segment's first frame, which itself is not salted. So a
 * frame of another log is not valid, and a client can't write a value that looks like a frame. The payloads:
 *
 * <pre>
 * 1 segment     magic (8), salt (4), zero (4), hard state (24), lastIndex (8), oldest (8), base: the log's state where the segment begins
 * 2 entry       index (8), term (8), data
 * 3 hard state  term (8), votedFor (16; the nil UUID for nobody)
 * 4 truncation  last index that is kept (8)
 * 5 compaction  oldest (8), base: entries up to the base's are gone
 * 6 reset       oldest (8), base: all entries are gone, the log starts after the base
 * 7 mark        nothing: its header is the news
 * 8 end         nothing: the next segment follows
 *
 * base          index (8), term (8), then voters, outgoing and learners: count (4), UUIDs (16 each)
 * oldest        first LSN of the oldest segment that is still needed
 * </pre>
 *
 * <h2>Order of writes</h2>
 *
 * Only the last segment has bytes that are not durable. To go on in a new segment the log (1) forces the last one, (2) writes the new one's first
 * frame into a spare file, forces it, renames it to its name and forces the directory, (3) writes and forces the end frame. So a file with a
 * segment's name always has its first frame, and an end frame always has a next segment. A compaction is durable before a segment goes, and
 * segments go oldest first, each durably before the next. So the segments are always a run without gaps.
 *
 * <h2>Recovery</h2>
 *
 * Frames are read in order, from the oldest segment to the last. A frame counts if its checksum and LSN are right and its timeline is not below the
 * one before. At the first place <i>p</i> without such a frame:
 *
 * <ol>
 *   <li>If any valid frame, before <i>p</i> or anywhere after it, has a durable mark above <i>p</i>, the log is damaged and refused. Nothing is
 *       changed.
 *   <li>Else the tail is torn, and cut at <i>p</i>. What is above the highest durable mark is written again and forced (the page cache may hold
 *       what an fsync of the earlier process failed to write). Then a mark frame with the next timeline is written at <i>p</i> and forced.
 * </ol>
 *
 * A missing segment, an unreadable first frame, or a valid frame out of order is damage as well. A last segment whose predecessor has no end frame
 * was never in use, and becomes a spare.
 *
 * <p><b>A torn tail is never taken for damage.</b> A power loss harms only bytes that no completed force covers. Let <i>D</i> be the LSN up to
 * which the log was durable at that moment; then <i>p</i> &ge; <i>D</i>. Every mark in the log was written when the log was durable up to it, so
 * none is above <i>D</i>, so none is above <i>p</i>.
 *
 * <p><b>Damage is taken for a torn tail only in what the very last sync wrote.</b> Every sync is recorded by the next frame. As long as one valid
 * frame that was written after a sync is left, any damage to what that sync or an earlier one made durable is noticed. Damage to what was synced
 * last, when nothing was written after it, can't be told from a write that never completed: it is cut. Closing the log, opening it, and going on in
 * a new segment write a mark, so this is about a crash only.
 *
 * <p><b>What was cut never comes back.</b> Frames may be whole behind the place where the tail was torn. The mark that recovery writes there begins
 * a timeline above theirs, and is durable before anything else is appended; frames of a lower timeline do not count after it, even if a new frame
 * ends exactly where one of them starts. An append that finds the disk full halfway is cut in the same way.
 *
 * <h2>Memory</h2>
 *
 * Four bytes for each entry (its offset in its segment), a run of equal terms, and the newest entries up to {@link
 * dev.quorate.log.LogOptions#cacheBytes}. Older entries are read from disk, and their checksums verified.
 */
package dev.quorate.log;
