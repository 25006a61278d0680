package dev.quorate.server.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much space is left to a member, and its reserve for when none is. For any thread. */
public final class DiskSpace {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
    private static final int CHUNK_BYTES = 1 << 20;

    /** From the best to the worst. */
    public enum State {
        PLENTY,
        FULL,
        EXHAUSTED
    }

    private final Path reserve;
    private final long reserveBytes;
    private final LongSupplier usableBytes;
    private volatile State state = State.PLENTY;

    /**
     * @param reserve the reserve's file, which an earlier process may have left
     * @param reserveBytes its size; the disk counts as full when half as much is left beside it
     * @param usableBytes what is left on its file system
     */
    public DiskSpace(Path reserve, long reserveBytes, LongSupplier usableBytes) {
        this.reserve = reserve;
        this.reserveBytes = reserveBytes;
        this.usableBytes = usableBytes;
    }

    public State state() {
        return state;
    }

    /** Why the member is not well, in words; empty when it has space. */
    public String trouble() {
        return switch (state) {
            case PLENTY -> "";
            case FULL ->
                "the disk is full: only deletes and reads are served; delete keys, free space or grow the disk";
            case EXHAUSTED ->
                "the disk is full, and so is its reserve: only reads are served; free space or grow the disk";
        };
    }

    /** To be called now and then: finds out whether the disk has filled up, or has space again. */
    public synchronized void look() {
        long usable = usableBytes.getAsLong();
        boolean held = isHeld();
        if (held && usable < reserveBytes / 2) {
            release(usable);
        } else if (!held && usable >= 2 * reserveBytes) {
            makeReserve();
        } else if (held) {
            become(State.PLENTY, usable);
        } else {
            become(usable < reserveBytes / 4 ? State.EXHAUSTED : State.FULL, usable);
        }
    }

    /**
     * A write found no space.
     *
     * @return whether the reserve made room just now: then the write may be tried again at once
     */
    public synchronized boolean makeRoom() {
        long usable = usableBytes.getAsLong();
        if (isHeld()) {
            release(usable);
            return true;
        }
        become(State.EXHAUSTED, usable);
        return false;
    }

    private boolean isHeld() {
        try {
            return Files.exists(reserve) && Files.size(reserve) == reserveBytes;
        } catch (IOException e) {
            LOG.warn("event=reserve_unknown file={} reason=\"{}\"", reserve, e.getMessage());
            return false;
        }
    }

    private void release(long usable) {
        deleteReserve();
        become(State.FULL, usable);
    }

    private void makeReserve() {
        byte[] zeros = new byte[(int) Math.min(CHUNK_BYTES, reserveBytes)];
        try (OutputStream file = Files.newOutputStream(reserve)) {
            for (long left = reserveBytes; left > 0; left -= zeros.length) {
                file.write(zeros, 0, (int) Math.min(zeros.length, left));
            }
        } catch (IOException e) {
            LOG.warn("event=reserve_not_made file={} reason=\"{}\"", reserve, e.getMessage());
            deleteReserve();
            return;
        }
        become(State.PLENTY, usableBytes.getAsLong());
    }

    private void deleteReserve() {
        try {
            Files.deleteIfExists(reserve);
        } catch (IOException e) {
            LOG.warn("event=reserve_not_released file={} reason=\"{}\"", reserve, e.getMessage());
        }
    }

    private void become(State next, long usable) {
        State before = state;
        state = next;
        if (before == next) {
            return;
        }
        if (next == State.PLENTY) {
            LOG.info("event=disk_has_space usable_bytes={}", usable);
        } else {
            LOG.error(
                    "event=disk_{} usable_bytes={} action=\"{}\"",
                    next.name().toLowerCase(java.util.Locale.ROOT),
                    usable,
                    trouble());
        }
    }
}
