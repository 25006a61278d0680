/**
 * A node with all its ports, as a pod and a local cluster both run it ({@link dev.quorate.server.serving.ServingNode}). A process that is one member can
 * rehearse leading, once, just after its start: the first hand-over to it would otherwise wait while the JVM loads and links what it had never run ({@link
 * dev.quorate.server.serving.Rehearsal}).
 */
package dev.quorate.server.serving;
