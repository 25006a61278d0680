/** {@code quorate mr}: MapReduce jobs from the command line. The work is done by {@code dev.quorate.mapreduce}; this reads options and shows how far a job is. */
package dev.quorate.cli.mr;
