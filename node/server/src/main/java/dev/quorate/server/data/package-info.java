/** What a member's ports ask of it: reads and writes of one shard, answered linearizably or with a typed error. */
package dev.quorate.server.data;
