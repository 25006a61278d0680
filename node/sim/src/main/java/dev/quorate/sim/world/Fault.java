package dev.quorate.sim.world;

import java.util.Locale;

/** The kinds of trouble that a simulation may make. A run draws some of them; the fewer a failing run needs, the easier it is understood. */
public enum Fault {
    /** Messages get lost. */
    DROP,
    /** Messages take long, and overtake each other. */
    DELAY,
    /** Messages arrive twice. */
    DUPLICATE,
    /** A member is cut off from all others, or two sides from each other. */
    PARTITION,
    /** A link fails in one direction. */
    ONE_WAY,
    /** A process dies; what it wrote is in the page cache. */
    KILL,
    /** The power goes; what was not forced is lost, sector by sector. */
    POWER,
    /** The power goes in the middle of a write, most often of one that carries a term or a vote. */
    TORN_WRITE,
    /** An fsync fails, and the kernel takes for clean what it could not write. */
    FSYNC_ERROR,
    /** The disk is full for a while. */
    DISK_FULL,
    /** The disk stands still for a while. */
    DISK_STALL,
    /** A bit flips in what is durable. */
    BIT_FLIP,
    /** Snapshots are damaged: at their sender, on the way, at their receiver. */
    SNAPSHOT_DAMAGE,
    /** A disk is lost with all that is on it; a new member may take its place. */
    WIPE,
    /** A process stands still for longer than an election (SIGSTOP). */
    PAUSE,
    /** Clocks run at different speeds. */
    DRIFT,
    /** Wall clocks jump, forward and back. */
    CLOCK_JUMP,
    /** Commands of moves come to the log long after they were asked for, twice, or out of order. */
    LATE_COMMAND,
    /** Leadership is handed over on request, over and over. */
    TRANSFER,
    /** A snapshot comes late, to a member whose log has gone on since while nothing tells it what is committed. */
    LATE_SNAPSHOT,
    /** Members come as learners, become voters, step down, go. */
    MEMBERSHIP;

    /** As a command's option names it. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The fault of an option's name, or null. */
    public static Fault ofOption(String name) {
        for (Fault fault : values()) {
            if (fault.option().equals(name)) {
                return fault;
            }
        }
        return null;
    }
}
