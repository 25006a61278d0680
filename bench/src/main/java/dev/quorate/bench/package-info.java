/**
 * Measurements, by {@code bench/run}. Tests never assert speed: it lives here. What was found is in {@code docs/measured.md}.
 *
 * <p>By itself {@code bench/run} compares Quorate with its peers ({@link dev.quorate.bench.CompareCommand}): round by round each system of {@link
 * dev.quorate.bench.contender} is started in turn, put under the load of {@link dev.quorate.bench.load}, and measured by {@link
 * dev.quorate.bench.Comparison}; {@link dev.quorate.bench.report} prints the table and the results file. The other classes are subcommands that
 * measure one thing each.
 */
package dev.quorate.bench;
