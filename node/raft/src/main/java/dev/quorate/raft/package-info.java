/** The consensus core: a pure state machine, no threads, no I/O, no clock, no randomness of its own. */
package dev.quorate.raft;
