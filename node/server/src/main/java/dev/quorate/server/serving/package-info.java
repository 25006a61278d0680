/** A node with all its ports, as a pod and a local cluster both run it. */
package dev.quorate.server.serving;
