package dev.quorate.server.snapshot;

/** What the sending of snapshots measures. */
public interface SnapshotMeters {
    /** This member brought a snapshot of its own to another, as the leader or in its place. */
    void delivered(long sizeBytes);
}
