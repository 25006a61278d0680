package dev.quorate.sim.member;

import dev.quorate.log.LogDamagedException;
import dev.quorate.log.LogOptions;
import dev.quorate.log.SimulatedDisk;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Membership;
import dev.quorate.sim.world.Violation;
import java.io.IOException;

/** A member's disk, with the log and the state machine's rows on it, and all that can happen to it. */
public final class MemberDisk {
    private static final LogOptions LOG_OPTIONS = new LogOptions(LogOptions.MIN_SEGMENT_SIZE_BYTES, 4 << 10, 1);

    private final Surroundings surroundings;
    private final SimulatedDisk disk;
    private final StateDisk state;
    /** Set before a fault that a process can't survive, and reset when it came to effect. */
    private Doom doom = Doom.NONE;

    private boolean rotten;
    private boolean wiped;
    private long stalledUntil;

    /** What the disk is about to do to the process. */
    private enum Doom {
        NONE,
        POWER_LOSS,
        FSYNC_ERROR
    }

    MemberDisk(Surroundings surroundings, Membership membership) {
        this.surroundings = surroundings;
        this.disk = new SimulatedDisk(surroundings.random.nextLong());
        this.state = new StateDisk(membership, surroundings.random);
    }

    WriteAheadLog openLog() throws IOException {
        return WriteAheadLog.open(disk.open(), LOG_OPTIONS, surroundings.random::nextInt);
    }

    StateDisk state() {
        return state;
    }

    /** It is gone for good, or may refuse to be read. */
    boolean isLost() {
        return rotten || wiped;
    }

    boolean isWiped() {
        return wiped;
    }

    long stalledUntil() {
        return stalledUntil;
    }

    /** The process is gone; the kernel is not. */
    void processDied() {
        disk.killProcess();
        state.crash(surroundings.random);
        doom = Doom.NONE;
    }

    /** What was not forced is lost, in part. */
    void losePower() {
        disk.losePower();
        state.crash(surroundings.random);
        doom = Doom.NONE;
    }

    /** The process ended because of this; a fault of the disk must be behind it. */
    void processFailed(IOException cause, Member member) {
        if (doom == Doom.NONE && !(cause instanceof LogDamagedException && rotten)) {
            throw new Violation("damage", member + " halts, but nothing is wrong with its disk: " + cause, cause);
        }
        if (doom == Doom.POWER_LOSS) {
            losePower();
        } else {
            processDied();
        }
    }

    /** The power goes in the middle of one of the next operations. */
    void losePowerWithin(int operations) {
        if (doom == Doom.NONE) {
            doom = Doom.POWER_LOSS;
            disk.losePowerAfter(1 + surroundings.random.nextInt(operations));
        }
    }

    boolean isAboutToFail() {
        return doom != Doom.NONE;
    }

    /** The next fsync fails. */
    public void failFsync() {
        if (doom == Doom.NONE) {
            doom = Doom.FSYNC_ERROR;
            disk.failForceAfter(1);
        }
    }

    /** Only so many more bytes fit. */
    public void fill(int bytesLeft) {
        disk.limitSpace(bytesLeft);
    }

    public void free() {
        disk.unlimitSpace();
    }

    /** Flips a bit that the log knows to be durable. The log may refuse to be read from now on, for ever. */
    public void rot() {
        rotten |= disk.rotDurable();
    }

    /** Writes stand still. */
    public void stall(long millis) {
        stalledUntil = surroundings.timeline.now() + millis;
    }

    void wipe() {
        wiped = true;
    }

    void recover() {
        free();
        stalledUntil = 0;
    }
}
