/**
 * What the database should do, written a second time and as simply as possible. The simulation compares every result of every member with it, so a
 * fault would have to be made twice, in two different programs, to go unnoticed.
 */
package dev.quorate.sim.model;
