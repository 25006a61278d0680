/**
 * What surrounds the members of a simulated cluster: time, the network and the faults that may happen. One thread, one source of randomness: the same
 * seed always makes the same history. Times are in simulated milliseconds.
 */
package dev.quorate.sim.world;
