/**
 * The master of one job (section 3 of the paper), which may die: {@link dev.quorate.mapreduce.coordinator.Coordinator} drives the scheduler by what workers tell it, and writes
 * down in the job's table what must outlive it before it acts on it. A new one reads the table and goes on.
 */
package dev.quorate.mapreduce.coordinator;
