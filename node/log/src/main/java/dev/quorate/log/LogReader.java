package dev.quorate.log;

import dev.quorate.raft.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads entries from memory or from disk, beside a writer that may cut them or give their segment away at any moment. */
final class LogReader {
    private final LogDirectory directory;
    private final LogIndex index;
    private final int salt;

    LogReader(LogDirectory directory, LogIndex index, int salt) {
        this.directory = directory;
        this.index = index;
        this.salt = salt;
    }

    List<Entry> entries(long from, long to, int maxBytes) {
        while (true) {
            long cuts = index.cuts();
            try {
                List<Entry> entries = read(from, to, maxBytes);
                if (index.cuts() == cuts) {
                    return entries;
                }
            } catch (IOException e) {
                // A file given away no longer holds the entry: the next round says so, or reads it where it is now.
                if (index.cuts() == cuts && from >= index.firstIndex()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private List<Entry> read(long from, long to, int maxBytes) throws IOException {
        List<Entry> entries = new ArrayList<>();
        long leftBytes = maxBytes;
        boolean full = false;
        while (!full) {
            long next = from + entries.size();
            LogIndex.Extent extent = index.collect(next, to, (int) leftBytes, entries);
            if (extent == null) {
                return entries;
            }
            for (Entry entry : read(extent)) {
                leftBytes -= entry.sizeBytes();
                full |= leftBytes < 0 && !entries.isEmpty();
                if (!full) {
                    entries.add(entry);
                }
            }
            full |= leftBytes <= 0;
        }
        return entries;
    }

    private List<Entry> read(LogIndex.Extent extent) throws IOException {
        Segment segment = extent.segment();
        ByteBuffer bytes = ByteBuffer.allocate(extent.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        long start = extent.offsets()[0];
        segment.file().read(bytes, start);
        bytes.flip();
        FrameView frame = new FrameView();
        List<Entry> entries = new ArrayList<>(extent.count());
        for (int i = 0; i < extent.count(); i++) {
            long offset = extent.offsets()[i];
            boolean valid = frame.at(bytes, (int) (offset - start), segment.baseLsn() + offset, salt)
                    && frame.type() == Frame.Type.ENTRY;
            if (!valid || frame.entryIndex() != extent.firstIndex() + i) {
                throw new LogDamagedException(
                        directory.describe(segment.name()),
                        offset,
                        "entry " + (extent.firstIndex() + i) + " is not readable");
            }
            entries.add(frame.entry());
        }
        return entries;
    }
}
