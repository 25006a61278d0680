/**
 * Kubernetes as a {@link dev.quorate.control.Platform}: what the API server says becomes groups and nodes, what the planner decides becomes
 * objects.
 *
 * <p>{@link dev.quorate.operator.kubernetes.Inventory} is a cluster's objects as the watches last saw them.
 * {@link dev.quorate.operator.kubernetes.Applier} writes what differs, and nothing else; for jobs too.
 * {@link dev.quorate.operator.kubernetes.Trouble} reads from a pod why it does not run.
 * {@link dev.quorate.operator.kubernetes.Adoption} decides whether volumes that are already there may be used;
 * what it decides on is read from the API server, for a watch that lags would make a former cluster's volumes a new cluster's.
 */
package dev.quorate.operator.kubernetes;
