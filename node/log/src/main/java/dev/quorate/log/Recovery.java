package dev.quorate.log;

import dev.quorate.raft.HardState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads a log that an earlier process left, and tells a torn tail from damage; changes nothing. The rules are in the package's manual. */
final class Recovery {
    private final LogDirectory directory;
    private final List<Segment> segments;

    private LogIndex index;
    private int salt;
    private HardState hardState;
    private long oldestLsn;
    private int timeline;
    private long durableLsn;
    private long endLsn;
    private boolean ended;

    private Recovery(LogDirectory directory, List<Segment> segments) {
        this.directory = directory;
        this.segments = segments;
    }

    /**
     * A recovered log.
     *
     * @param index of the entries
     * @param endLsn where the stream goes on
     * @param durableLsn highest durable mark
     * @param timeline of the last frame
     * @param unused segments after the stream's end, in order: they were made, but never came to be part of it
     */
    record Recovered(
            int salt,
            LogIndex index,
            HardState hardState,
            long oldestLsn,
            long endLsn,
            long durableLsn,
            int timeline,
            List<Segment> unused) {}

    /** Reads the segments of a directory, of which there is at least one. */
    static Recovered recover(LogDirectory directory, LogOptions options) throws IOException {
        List<Segment> segments = new ArrayList<>();
        try {
            for (String name : directory.list().stream()
                    .filter(SegmentFiles::isSegment)
                    .sorted()
                    .toList()) {
                SegmentFile file = directory.open(name);
                segments.add(new Segment(
                        name, SegmentFiles.baseLsn(name), Math.max(options.segmentSizeBytes(), file.size()), file));
            }
            return new Recovery(directory, segments).run(options);
        } catch (IOException | RuntimeException e) {
            for (Segment segment : segments) {
                segment.file().close();
            }
            throw e;
        }
    }

    private Recovered run(LogOptions options) throws IOException {
        int at = 0;
        do {
            readSegment(at, options);
            at++;
        } while (ended && nextExists(at));
        checkBeginning();
        return new Recovered(
                salt,
                index,
                hardState,
                oldestLsn,
                endLsn,
                durableLsn,
                timeline,
                List.copyOf(segments.subList(at, segments.size())));
    }

    private boolean nextExists(int at) throws LogDamagedException {
        if (at < segments.size() && segments.get(at).baseLsn() == endLsn) {
            return true;
        }
        throw damaged(
                SegmentFiles.segmentName(endLsn), 0, "the file is missing; the segment before it says that it exists");
    }

    private void checkBeginning() throws LogDamagedException {
        if (oldestLsn < segments.getFirst().baseLsn() || !index.isComplete()) {
            throw damaged(SegmentFiles.segmentName(oldestLsn), 0, "the file is missing; later segments need it");
        }
    }

    private void readSegment(int number, LogOptions options) throws IOException {
        Segment segment = segments.get(number);
        SegmentReader reader = new SegmentReader(segment);
        long offset = readState(segment, reader, options);
        ended = false;
        FrameView frame = reader.frameAt(offset, salt);
        while (!ended && frame != null && frame.timeline() >= timeline) {
            apply(segment, offset, frame);
            offset += frame.sizeBytes();
            frame = reader.frameAt(offset, salt);
        }
        endLsn = segment.baseLsn() + offset;
        if (!ended) {
            checkTorn(number, reader, offset);
        }
    }

    private long readState(Segment segment, SegmentReader reader, LogOptions options) throws IOException {
        FrameView frame = requireState(segment, reader);
        LogState state = frame.state();
        if (index == null) {
            salt = state.salt();
            hardState = state.hardState();
            oldestLsn = state.oldestLsn();
            index = new LogIndex(state.base(), state.lastIndex(), options.cacheBytes());
        } else if (salt != state.salt()
                || index.lastIndex() != state.lastIndex()
                || !hardState.equals(state.hardState())) {
            throw damaged(segment.name(), 0, "the segment belongs to another log, or to another time of this one");
        }
        noteHeader(frame);
        index.startSegment(segment);
        return frame.sizeBytes();
    }

    private FrameView requireState(Segment segment, SegmentReader reader) throws IOException {
        FrameView frame = reader.frameAt(0, 0);
        if (frame == null || frame.type() != Frame.Type.SEGMENT || frame.state() == null) {
            throw damaged(segment.name(), 0, "the segment's first frame is not readable");
        }
        return frame;
    }

    private void noteHeader(FrameView frame) {
        timeline = frame.timeline();
        durableLsn = Math.max(durableLsn, frame.durableLsn());
    }

    private void apply(Segment segment, long offset, FrameView frame) throws LogDamagedException {
        noteHeader(frame);
        switch (frame.type()) {
            case ENTRY -> {
                require(frame.entryIndex() == index.lastIndex() + 1, segment, offset, "an entry out of order");
                index.add(frame.entryIndex(), frame.entryTerm(), offset, frame.sizeBytes());
            }
            case HARD_STATE -> hardState = frame.hardState();
            case TRUNCATION -> {
                long lastKept = frame.lastKeptIndex();
                require(
                        lastKept >= index.base().index() && lastKept < index.lastIndex(),
                        segment,
                        offset,
                        "a truncation out of order");
                index.truncate(lastKept);
            }
            case COMPACTION -> {
                index.compact(frame.base());
                oldestLsn = frame.oldestLsn();
            }
            case RESET -> {
                index.reset(frame.base());
                oldestLsn = frame.oldestLsn();
            }
            case MARK -> {}
            case END -> ended = true;
            case SEGMENT -> throw damaged(segment.name(), offset, "a segment's first frame inside of it");
            case null -> throw damaged(segment.name(), offset, "a frame of a type that this version does not know");
        }
    }

    /**
     * The stream is not readable from an offset on. If anything that is readable says that the stream was durable beyond, it is damage; else the
     * bytes there were never durable.
     */
    private void checkTorn(int number, SegmentReader reader, long offset) throws IOException {
        long highest = Math.max(durableLsn, reader.highestMark(offset, salt));
        for (Segment later : segments.subList(number + 1, segments.size())) {
            SegmentReader laterReader = new SegmentReader(later);
            FrameView first = requireState(later, laterReader);
            highest = Math.max(highest, first.durableLsn());
            highest = Math.max(highest, laterReader.highestMark(first.sizeBytes(), salt));
        }
        if (endLsn < highest) {
            throw damaged(
                    segments.get(number).name(),
                    offset,
                    "no valid frame here, but the log was durable up to " + (highest - endLsn) + " bytes further");
        }
    }

    private void require(boolean holds, Segment segment, long offset, String what) throws LogDamagedException {
        if (!holds) {
            throw damaged(segment.name(), offset, what);
        }
    }

    private LogDamagedException damaged(String name, long offset, String what) {
        return new LogDamagedException(directory.describe(name), offset, what);
    }
}
