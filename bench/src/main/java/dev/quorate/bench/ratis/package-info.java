/**
 * A key/value store on Apache Ratis, as small as it can be, to measure Ratis by: {@link dev.quorate.bench.ratis.RatisServer} is a member's process,
 * {@link dev.quorate.bench.ratis.KeyValueStateMachine} what it replicates, {@link dev.quorate.bench.ratis.Commands} what clients send. Values are in
 * memory and in Ratis' log, which is synced before a write is answered; it takes no snapshots, which would only cost it.
 */
package dev.quorate.bench.ratis;
