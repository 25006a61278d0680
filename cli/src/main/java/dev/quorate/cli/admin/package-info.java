/**
 * Administration of a cluster's nodes from outside, by their admin API: {@link dev.quorate.cli.admin.AdminNodes} finds them and asks each of them,
 * {@link dev.quorate.cli.admin.MapRecovery} rebuilds the shard map of a lost root group.
 */
package dev.quorate.cli.admin;
