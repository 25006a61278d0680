/**
 * Clients of a simulated cluster, and the oracle that knows what they may be told. A client has one operation under way, goes to whom it believes to
 * lead, gives up after a while, and then goes on with another operation, as a caller with a deadline does.
 */
package dev.quorate.sim.client;
