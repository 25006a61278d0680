/** Processes of this machine: which one a process id means for good, and the signals that it gets. */
package dev.quorate.cli.process;
