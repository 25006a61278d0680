package dev.quorate.store;

/**
 * What became of a row.
 *
 * @param key of the row
 * @param before null when there was none
 * @param after null when it went
 */
record RowChange(byte[] key, byte[] before, byte[] after) {}
