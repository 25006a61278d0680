/**
 * Histories of operations on a key/value store, and the proof or refutation that they are linearizable. For tests and the simulator only; it knows
 * nothing of Quorate but what a client sees.
 *
 * <h2>Use</h2>
 *
 * <pre>{@code
 * Recorder recorder = new Recorder(100_000);
 * Recorder.Call call = recorder.call("client-1", new Operation.Put("k", "v"));   // at once before it is sent
 * call.ok(new Result.Written(version));                                          // or failed(), or unknown()
 *
 * History history = recorder.history();
 * history.exportAs("MyFaultTest");                                               // if -Dquorate.history=DIR asks for it
 * Linearizability.check(history, Limits.DEFAULT).orThrow();
 * }</pre>
 *
 * <h2>Outcomes</h2>
 *
 * <ul>
 *   <li>{@code ok}: it took effect once, at one moment between call and return, and answered what the result says.
 *   <li>{@code failed}: it did not take effect and never will.
 *   <li>{@code unknown}: it took effect once at some moment after its call, be it after the end of the history, or never. So is what was never
 *       answered.
 * </ul>
 *
 * Two operations are concurrent unless one returned before (at a smaller time than) the other was called.
 *
 * <h2>The format: JSON lines</h2>
 *
 * UTF-8, one object a line, in the order of the calls; nothing else. {@link dev.quorate.history.History#write} and {@link
 * dev.quorate.history.History#read} have its bounds.
 *
 * <pre>
 * {"client":"c1","operation":"put","arguments":{"key":"k","value":"v"},"result":{"version":7},"call_ns":10,"return_ns":25,"outcome":"ok"}
 * </pre>
 *
 * <ul>
 *   <li>{@code client}: text; a client has at most one operation under way.
 *   <li>{@code call_ns}, {@code return_ns}: nanoseconds on one clock, whose zero means nothing; {@code return_ns} is null when there was no answer.
 *   <li>{@code outcome}: {@code ok}, {@code failed} or {@code unknown}.
 *   <li>{@code operation}, {@code arguments} and, of an {@code ok}, {@code result}; of others it is null:
 * </ul>
 *
 * <table>
 *   <caption>Operations. A value is text or null (absent); a version that the client was not told is 0.</caption>
 *   <tr><th>operation</th><th>arguments</th><th>result</th></tr>
 *   <tr><td>get</td><td>key</td><td>value, version</td></tr>
 *   <tr><td>put</td><td>key, value</td><td>version</td></tr>
 *   <tr><td>delete</td><td>key</td><td>existed</td></tr>
 *   <tr><td>cas</td><td>key, expected_version (0: absent), value</td><td>applied; current: {value, version} after it, null when not told</td></tr>
 *   <tr><td>increment</td><td>key, delta</td><td>number: the sum</td></tr>
 *   <tr><td>append</td><td>key, suffix</td><td>length in bytes after it</td></tr>
 * </table>
 *
 * <h2>The checker</h2>
 *
 * The search of Wing and Gong with Lowe's memoization ("Testing for linearizability", 2016), key by key: a history is linearizable exactly when that of
 * each key is (Herlihy and Wing). What keeps it fast:
 *
 * <ul>
 *   <li>An operation is placed only where its interval allows, the one that returns first before others, so that a correct history is mostly
 *       walked straight through.
 *   <li>A configuration (which operations are placed, what the key holds) is visited once. The placed ones are a position in the order of returns and a
 *       bitset of the few that are open there.
 *   <li>Operations of unknown outcome are placed last, and only when that leads to a configuration that is not covered by one that spent fewer of them.
 *       Equal ones are interchangeable, and writes of values that nobody ever saw are equal.
 *   <li>Versions only grow: a configuration whose version is beyond what an open operation was told leads nowhere.
 * </ul>
 *
 * The answer is {@link dev.quorate.history.Verdict}: linearizable, a violation with an explanation, or undecided when the bounds of {@link
 * dev.quorate.history.Limits} are used up. The problem is NP-complete, so bounds are needed; undecided is no success.
 *
 * <p>Register (get, put, delete, compare-and-set with versions), counter (increment) and log (append) are one model, {@code KeyState}, since in the
 * store one key may be all of them. Keys that expire, and operations on several keys at once, are outside of it.
 */
package dev.quorate.history;
