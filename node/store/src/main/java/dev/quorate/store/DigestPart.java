package dev.quorate.store;

/**
 * The digest of some rows; that of all is the sum of the parts, modulo 2^64.
 *
 * @param last the row that the part ends with, null when nothing follows
 * @param sizeBytes of the rows read
 */
public record DigestPart(long digest, byte[] last, long sizeBytes) {}
