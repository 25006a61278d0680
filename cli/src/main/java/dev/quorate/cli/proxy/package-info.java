/**
 * Reaches the members of a cluster whose addresses mean nothing here, as those of pods do on a laptop.
 *
 * <p>{@link dev.quorate.cli.proxy.ClusterProxy} listens on a local port for each member and goes to the member through a
 * {@link dev.quorate.cli.proxy.Gateway}, for Kubernetes {@link dev.quorate.cli.proxy.KubernetesGateway}. Redis clients follow the addresses that members
 * tell them, so {@link dev.quorate.cli.proxy.ReplyRewriter} puts the local ones in the place of a member's in MOVED, CLUSTER SLOTS, CLUSTER SHARDS and
 * CLUSTER NODES, and leaves everything else as it is. To know which reply answers what, {@link dev.quorate.cli.proxy.ProxyConnection} reads the
 * protocol both ways.
 */
package dev.quorate.cli.proxy;
