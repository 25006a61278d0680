package dev.quorate.log;

import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.LogView;
import dev.quorate.raft.SnapshotMeta;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's durable log and hard state. One thread appends and syncs; any thread may read, and may compact. The threads that write must not be
 * interrupted while they do: an interrupt closes the file, which counts as a failed write.
 *
 * <p>Every call that writes may throw {@link LogFailedException}; from then on all of them do.
 */
public final class WriteAheadLog implements LogView, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteAheadLog.class);

    /** Most bytes of one append, as they lie on disk. */
    public static final int MAX_APPEND_BYTES = 256 << 20;

    private final LogDirectory directory;
    private final SegmentFiles files;
    private final int salt;
    private final LogIndex index;
    private final LogStream stream;
    private final LogReader reader;
    private final ReentrantLock writing = new ReentrantLock();
    /** Held while segments are given away, one caller at a time; taken before {@link #writing}. */
    private final ReentrantLock releasing = new ReentrantLock();

    private volatile HardState hardState;
    private volatile long oldestLsn;
    private volatile long sizeBytes;
    private boolean closed;

    private WriteAheadLog(
            LogDirectory directory, SegmentFiles files, LogOptions options, LogState state, LogIndex index) {
        this.directory = directory;
        this.files = files;
        this.salt = state.salt();
        this.hardState = state.hardState();
        this.oldestLsn = state.oldestLsn();
        this.index = index;
        this.stream = new LogStream(files, options, index, this::state);
        this.reader = new LogReader(directory, index, salt);
    }

    /** Opens the log in a directory of the file system: see the other. */
    public static WriteAheadLog open(Path directory, LogOptions options) throws IOException {
        return open(LogDirectory.open(directory), options);
    }

    /**
     * Opens the log in a directory, or makes one; the directory is closed with it. What an unclean stop left behind the last fsync may be cut; nothing before it ever is.
     *
     * @throws LogDamagedException when something that was durable can't be read; nothing was changed
     * @throws LogFullException when there is no space to begin
     */
    public static WriteAheadLog open(LogDirectory directory, LogOptions options) throws IOException {
        return open(directory, options, new SecureRandom()::nextInt);
    }

    /**
     * As {@link #open(LogDirectory, LogOptions)}, for simulations, which draw their salts from a seed.
     *
     * @param salts gives the salt of the log if it is new
     */
    public static WriteAheadLog open(LogDirectory directory, LogOptions options, IntSupplier salts) throws IOException {
        try {
            List<String> names = directory.list();
            SegmentFiles files = new SegmentFiles(directory, options);
            List<String> spares = names.stream().filter(SegmentFiles::isSpare).toList();
            return names.stream().anyMatch(SegmentFiles::isSegment)
                    ? recover(directory, files, spares, options)
                    : create(directory, files, spares, options, salts.getAsInt());
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static WriteAheadLog create(
            LogDirectory directory, SegmentFiles files, List<String> spares, LogOptions options, int salt)
            throws IOException {
        LogState state = LogState.fresh(salt);
        LogIndex index = new LogIndex(state.base(), state.lastIndex(), options.cacheBytes());
        WriteAheadLog log = new WriteAheadLog(directory, files, options, state, index);
        files.adoptSpares(spares);
        log.stream.create();
        log.updateSize();
        return log;
    }

    private static WriteAheadLog recover(
            LogDirectory directory, SegmentFiles files, List<String> spares, LogOptions options) throws IOException {
        Recovery.Recovered found = Recovery.recover(directory, options);
        LogState state = new LogState(
                found.salt(),
                found.hardState(),
                found.index().base(),
                found.index().lastIndex(),
                found.oldestLsn());
        WriteAheadLog log = new WriteAheadLog(directory, files, options, state, found.index());
        try {
            // What an earlier process renamed or deleted last may not be durable yet.
            directory.sync();
            files.adoptSpares(spares);
            files.release(found.unused());
            log.stream.resume(log.index.segments(), found.endLsn(), found.durableLsn(), found.timeline());
            files.release(log.index.removeBefore(found.oldestLsn()));
        } catch (IOException e) {
            log.closeFiles();
            throw e;
        }
        log.updateSize();
        LOG.info(
                "log recovered directory={} firstIndex={} lastIndex={} term={} undurableBytes={}",
                directory.describe(""),
                log.firstIndex(),
                log.lastIndex(),
                log.hardState.term(),
                Math.max(0, found.endLsn() - found.durableLsn()));
        return log;
    }

    private LogState state() {
        return new LogState(salt, hardState, index.base(), index.lastIndex(), oldestLsn);
    }

    /** As last appended. */
    public HardState hardState() {
        return hardState;
    }

    /** What the log starts after: index 0 and term 0 for a new log. */
    public SnapshotMeta snapshotMeta() {
        return index.base();
    }

    /**
     * Appends, in order; durable only after {@link #sync}. The first entry may lie at or before the last index: then the log is cut there
     * first. All of it is written or, when an exception is thrown, nothing.
     *
     * @param hardState to be kept, or null when unchanged
     * @param entries each one's index follows that of the one before
     * @throws LogFullException when there is no space; the log stays as it was
     */
    public void append(HardState hardState, List<Entry> entries) throws IOException {
        if (hardState == null && entries.isEmpty()) {
            return;
        }
        writing.lock();
        try {
            requireOpen();
            requireInOrder(entries);
            boolean cut = !entries.isEmpty() && entries.getFirst().index() <= index.lastIndex();
            FrameWriter frames = stream.begin(sizeBytes(hardState, cut, entries), false);
            if (hardState != null) {
                frames.hardState(hardState);
            }
            if (cut) {
                frames.truncation(entries.getFirst().index() - 1);
            }
            long entriesLsn = frames.lsn();
            for (int i = 0; i < entries.size(); i++) {
                frames.entry(entries.get(i));
            }
            stream.write();
            index.append(entries, entriesLsn);
            if (hardState != null) {
                this.hardState = hardState;
            }
            updateSize();
        } finally {
            writing.unlock();
        }
    }

    private void requireInOrder(List<Entry> entries) {
        long expected = entries.isEmpty() ? 0 : entries.getFirst().index();
        if (!entries.isEmpty() && (expected < index.firstIndex() || expected > index.lastIndex() + 1)) {
            throw new IllegalArgumentException("entry " + expected + " can't be appended to a log of "
                    + index.firstIndex() + " to " + index.lastIndex());
        }
        for (int i = 0; i < entries.size(); i++, expected++) {
            if (entries.get(i).index() != expected) {
                throw new IllegalArgumentException(
                        "entry " + entries.get(i).index() + " where " + expected + " must be");
            }
        }
    }

    private static long sizeBytes(HardState hardState, boolean cut, List<Entry> entries) {
        long bytes = hardState == null ? 0 : Frame.sizeBytes(Frame.HARD_STATE_BYTES);
        bytes += cut ? Frame.sizeBytes(Frame.TRUNCATION_BYTES) : 0;
        for (int i = 0; i < entries.size(); i++) {
            bytes += Frame.sizeBytes(Frame.ENTRY_BYTES + entries.get(i).data().length);
        }
        if (bytes > MAX_APPEND_BYTES) {
            throw new IllegalArgumentException(
                    "an append of " + bytes + " bytes; at most " + MAX_APPEND_BYTES + " are taken at once");
        }
        return bytes;
    }

    /**
     * Makes everything appended so far durable, by one fsync.
     *
     * @throws LogFailedException when the fsync failed: what is durable is unknown, and the process must stop
     */
    public void sync() throws IOException {
        writing.lock();
        try {
            requireOpen();
            stream.sync();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Drops all entries and starts anew after a snapshot; durable on return.
     *
     * @param hardState to be kept, or null when unchanged
     * @throws LogFullException when there is no space; the log stays as it was
     */
    public void reset(SnapshotMeta base, HardState hardState) throws IOException {
        releasing.lock();
        try {
            files.release(writeBase(Frame.Type.RESET, base, hardState));
        } finally {
            releasing.unlock();
        }
    }

    /**
     * Entries up to an index are not needed any more; durable on return. Segments that hold no others are used again or deleted. Does nothing
     * when the log starts after that index already. Any thread may call it; the writer waits for one fsync at most.
     *
     * @param upTo with the term of the entry at its index, which the log holds
     * @throws LogFullException when there is no space even in the reserve; the log stays as it was
     */
    public void compact(SnapshotMeta upTo) throws IOException {
        releasing.lock();
        try {
            if (upTo.index() > index.base().index()) {
                files.release(writeBase(Frame.Type.COMPACTION, upTo, null));
            }
        } finally {
            releasing.unlock();
        }
    }

    /** Writes the frame that moves the base, durably, and takes the segments out of the index that are not needed any more. */
    private List<Segment> writeBase(Frame.Type type, SnapshotMeta base, HardState hardState) throws IOException {
        writing.lock();
        try {
            requireOpen();
            if (type == Frame.Type.COMPACTION && index.term(base.index()) != base.term()) {
                throw new IllegalArgumentException(
                        "entry " + base.index() + " has term " + index.term(base.index()) + ", not " + base.term());
            }
            long bytes = Frame.sizeBytes(FrameWriter.baseBytes(base))
                    + (hardState == null ? 0 : Frame.sizeBytes(Frame.HARD_STATE_BYTES));
            FrameWriter frames = stream.begin(bytes, true);
            long oldest = index.oldestLsn(type == Frame.Type.RESET ? Long.MAX_VALUE : base.index());
            if (hardState != null) {
                frames.hardState(hardState);
            }
            frames.base(type, base, oldest);
            stream.write();
            if (type == Frame.Type.RESET) {
                index.reset(base);
            } else {
                index.compact(base);
            }
            if (hardState != null) {
                this.hardState = hardState;
            }
            oldestLsn = oldest;
            stream.sync();
            updateSize();
            return index.removeBefore(oldest);
        } finally {
            writing.unlock();
        }
    }

    /**
     * Makes the next segment's file once the current one is half full, so that the writer finds it ready. To be called from time to time, by one thread
     * that is not the writer.
     *
     * @throws LogFullException when there is no space; the log stays as it was
     */
    public void prepare() throws IOException {
        Segment current = index.segments().getLast();
        if (oldestLsn + sizeBytes - current.baseLsn() > current.capacityBytes() / 2) {
            files.prepareSpare();
        }
    }

    private void updateSize() {
        sizeBytes = stream.endLsn() - oldestLsn;
    }

    /** Bytes of the stream that the log holds on disk, what waits in spare segments left out. */
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public long firstIndex() {
        return index.firstIndex();
    }

    @Override
    public long lastIndex() {
        return index.lastIndex();
    }

    @Override
    public long term(long index) {
        return this.index.term(index);
    }

    /**
     * {@inheritDoc}
     *
     * @throws java.io.UncheckedIOException when the disk fails to give them back; its cause is a {@link LogDamagedException} when they are damaged
     */
    @Override
    public List<Entry> entries(long from, long to, int maxBytes) {
        return reader.entries(from, to, maxBytes);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the log is closed");
        }
    }

    /** Makes everything durable, says so in the log itself, and gives the directory free. */
    @Override
    public void close() throws IOException {
        releasing.lock();
        writing.lock();
        try {
            if (!closed) {
                closed = true;
                try {
                    stream.sync();
                    stream.mark();
                    stream.sync();
                } catch (LogFullException e) {
                    LOG.info(
                            "log closed without a mark of its end reason=disk-full directory={}",
                            directory.describe(""));
                } finally {
                    closeFiles();
                }
            }
        } finally {
            writing.unlock();
            releasing.unlock();
        }
    }

    private void closeFiles() throws IOException {
        for (Segment segment : index.segments()) {
            segment.file().close();
        }
        directory.close();
    }
}
