package dev.quorate.crds;

/** Where a job is in its life. */
public enum MapReducePhase {
    Pending,
    Suspended,
    Mapping,
    Reducing,
    Publishing,
    Succeeded,
    Failed;

    /** Nothing follows it. */
    public boolean ended() {
        return this == Succeeded || this == Failed;
    }
}
