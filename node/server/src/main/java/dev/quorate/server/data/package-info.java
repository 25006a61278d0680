/**
 * What a member's ports ask of it: reads and writes of one shard, answered linearizably or with a typed error. Many are answered at once ({@link
 * dev.quorate.server.data.Bursts}), and the ports pass those answers on together.
 */
package dev.quorate.server.data;
