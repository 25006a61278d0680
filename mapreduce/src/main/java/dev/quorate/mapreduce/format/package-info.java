/**
 * Records in files: the input formats {@code text}, {@code json}, {@code pairs} and {@code fixed:K,V}, the output formats {@code text} and {@code fixed}, and the
 * planner that cuts files into splits.
 *
 * <table>
 * <caption>Input formats</caption>
 * <tr><td>{@code text}</td><td>lines; key: where the line starts, in bytes ({@code Long}); value: the line ({@code Text})</td></tr>
 * <tr><td>{@code json}</td><td>lines, each a JSON value ({@code JsonNode}); empty lines are left out; key as of text</td></tr>
 * <tr><td>{@code pairs}</td><td>lines of key, tab, value ({@code Text, Text}); without a tab the value is empty</td></tr>
 * <tr><td>{@code fixed:K,V}</td><td>records of K bytes of key and V bytes of value, without separators ({@code Text, Text})</td></tr>
 * </table>
 *
 * <p>A line belongs to the split that its first byte lies in, so a reader begins after the first line end that is not before its split, and reads its last line to
 * the end, even out of the split. Lines end with LF or CR LF. Splits are cut at any byte; of fixed records between two.
 */
package dev.quorate.mapreduce.format;
