package dev.quorate.log;

/**
 * A file of the stream.
 *
 * @param name of the file
 * @param baseLsn position in the stream of the file's first byte
 * @param capacityBytes most bytes of frames it takes
 */
record Segment(String name, long baseLsn, long capacityBytes, SegmentFile file) {}
