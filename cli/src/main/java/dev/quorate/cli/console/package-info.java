/**
 * How other processes reach a cluster that runs on this machine. {@link dev.quorate.cli.console.ConsoleServer} serves its status, a page that shows
 * it, and changes of its scale, on the loopback address alone; {@link dev.quorate.cli.console.RunningCluster} is the file that says where it
 * listens and holds the token that a change needs; {@link dev.quorate.cli.console.ConsoleClient} is the other end.
 */
package dev.quorate.cli.console;
