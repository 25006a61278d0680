/**
 * The first day on Kubernetes, in one command: {@code quorate demo --kubernetes}.
 *
 * <p>{@link dev.quorate.cli.kubernetes.KubernetesDemo} finds what is missing on the machine, packages, builds the images
 * ({@link dev.quorate.cli.kubernetes.Images}), starts a Kubernetes in Docker unless a context is named
 * ({@link dev.quorate.cli.kubernetes.LocalKubernetes}), installs the chart ({@link dev.quorate.cli.kubernetes.Chart}), applies the example and
 * scales it under a writer that verifies itself ({@link dev.quorate.cli.kubernetes.WriterPod}). The end-to-end tests use the same parts.
 */
package dev.quorate.cli.kubernetes;
