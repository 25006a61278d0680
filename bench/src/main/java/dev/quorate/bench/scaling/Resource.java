package dev.quorate.bench.scaling;

/** Something that can be busy, and so hold everything up. */
interface Resource {
    String name();

    /** How long it was busy, since the simulation began. */
    long busyNanos();
}
