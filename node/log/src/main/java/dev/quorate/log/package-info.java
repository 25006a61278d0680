/** The write-ahead log: an append-only stream of checksummed frames over preallocated, recycled segments. */
package dev.quorate.log;
