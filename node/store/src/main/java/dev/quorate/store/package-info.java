/** The replicated state machine of a group, on RocksDB. */
package dev.quorate.store;
