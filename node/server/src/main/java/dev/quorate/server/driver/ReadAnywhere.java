package dev.quorate.server.driver;

/**
 * A read on any member.
 *
 * @param maxStaleNanos it may miss what was committed later than so long before now; 0 for none
 */
record ReadAnywhere(ReadTask task, long maxStaleNanos) {}
