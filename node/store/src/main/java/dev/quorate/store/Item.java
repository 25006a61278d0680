package dev.quorate.store;

/**
 * A key and what it holds.
 */
public record Item(byte[] key, Versioned value) {}
