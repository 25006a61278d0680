/**
 * What workers and a coordinator say to each other: JSON over HTTP.
 *
 * <p>A worker sends an {@link dev.quorate.mapreduce.protocol.Exchange}: all of its attempts with their state, whether or not it sent it before, and how many more
 * it could run. The {@link dev.quorate.mapreduce.protocol.Answer} says what to start and to cancel, and which reports arrived for good. A report is repeated until then, to
 * whichever coordinator there is; so neither side has to remember what the other one knows.
 */
package dev.quorate.mapreduce.protocol;
