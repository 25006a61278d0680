/**
 * Golden traces, in the manner of etcd's interaction tests: text files under {@code src/test/resources/golden} tell a story of a group, command by
 * command, with all that its members then do. The test runs each file and compares. After a change that is meant to be seen, run
 *
 * <pre>{@code ./mvnw -pl node/raft -am test -Dtest=GoldenTraceTest -Dsurefire.failIfNoSpecifiedTests=false -Dquorate.golden.rewrite}</pre>
 *
 * and read the difference.
 *
 * <h2>A file</h2>
 *
 * Lines that begin with {@code #} tell the story. A block is one or more commands, a line {@code ----}, and what happens, up to an empty line.
 * Members are single letters. A member takes one message after the other; what it sends stays in flight until it is delivered or dropped.
 *
 * <pre>
 * group abc [learners=de] [election=10] [heartbeat=2] [append-bytes=N] [inflight=N] [inflight-bytes=N]
 *                                makes members with empty logs
 * member a voters=abc term=8 log=1,1,4 [vote=b] [applied=2]                           makes or replaces one, with a log of entries of these terms
 * tick a [n]                     its clock
 * timeout a                      an election timeout of it
 * deliver [filter]               what is in flight now, and matches
 * stabilize [filter]             that, and all that comes of it
 * drop [filter]                  loses what is in flight, and matches
 * repeat [filter]                delivers, and leaves a copy in flight
 * in-flight                      shows it
 * propose a x y                  commands
 * membership a abd [learners=e]  a change of the group
 * read a 1, ask b 2              a linearizable read at a leader; one that asks the leader
 * transfer a b                   leadership
 * disk a slow|fast               slow: what it writes is durable only after "persist a"
 * persist a [n]                  the oldest n readies, or all
 * crash a, restart a             loses what is not durable; its connections break, and messages to it are lost meanwhile
 * compact a 3                    drops its log up to there
 * install a c 3                  c gets a's snapshot at 3
 * snapshot-done a c delivered    what became of the snapshot that a sent to c; or "failed"
 * lost a b                       a's connection to b broke
 * status [abc], log a            the members, one log
 * quietly COMMAND                the same without a word
 *
 * filter: from=ab to=c type=RequestVote,VoteResponse; each is optional
 * </pre>
 */
package dev.quorate.raft.golden;
