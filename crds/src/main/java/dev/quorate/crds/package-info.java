/**
 * The custom resources of Quorate, group {@code quorate.dev/v1alpha1}: data, schema and validation rules, no behaviour.
 *
 * <p>{@link dev.quorate.crds.KVCluster} is what a user writes: how many groups, how many replicas in each, how many shards, which disks.
 * {@link dev.quorate.crds.KVGroup} is what the operator writes: one per Raft group, derived from the shard map in the root group, for people to
 * read. Its status records the UUIDs that a group was bootstrapped with. {@link dev.quorate.crds.MapReduceJob} is a job over files or keys, whose state is in
 * a KVCluster; the records named {@code MapReduce...} are its parts.
 *
 * <p>What the API server can refuse, it refuses, with a sentence that says what is allowed: the rules are the
 * {@link io.fabric8.generator.annotation.ValidationRule}s here (CEL). {@code examples/invalid} has one resource for each of them. The YAML of the
 * definitions, {@code crds/*.yaml} and the chart's {@code templates/crds}, is generated from these classes; {@code CrdYamlTest} fails when it
 * is not what is committed, and writes it when run with {@code -Dquorate.crds.write=true}.
 *
 * <p>Defaults stand twice, in the schema for the API server and in the records' constructors for readers of files; both from one constant.
 */
package dev.quorate.crds;
