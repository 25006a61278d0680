/**
 * Measurements, each a program that prints one line of JSON; {@code bench/run} builds and runs them. What they found is in
 * {@code docs/measured.md}. Tests never assert speed: it lives here.
 */
package dev.quorate.bench;
