/**
 * The {@code quorate} command.
 *
 * <p>{@link dev.quorate.cli.Quorate} is the way in; a class for each subcommand reads its options and leaves the work to a package:
 * {@code local} runs a cluster on this machine, {@code process} knows its processes, {@code view} is what {@code status} and {@code scale} show, {@code console} serves that to
 * other processes and to a browser, {@code proxy} reaches a cluster in Kubernetes from outside, {@code kubernetes} is the demo there,
 * {@code writer} writes and verifies, {@code nemesis} brings faults upon a cluster and judges what its clients saw, {@code mr} runs MapReduce jobs. What goes wrong by the user's hand is a {@link dev.quorate.cli.output.UserError}: what happened, and what to
 * do. Exit status: 0 done, 1 it did not work, 2 the command was wrong.
 */
package dev.quorate.cli;
