/**
 * A steady writer that remembers what was acknowledged, and proves afterwards that all of it is there.
 *
 * <p>{@link dev.quorate.cli.writer.VerifiedWriter} drives a cluster through Jedis with its default retries, as an application would. Each of its
 * threads owns its keys, so that it knows each key's only right value: the last one acknowledged, or one whose outcome it never learnt.
 * {@link dev.quorate.cli.writer.WriterCommand} is its command line; it runs as a pod beside a cluster under test.
 */
package dev.quorate.cli.writer;
