package dev.quorate.cli.local;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a local cluster is started with. A directory that holds a cluster keeps its name, its identity and its numbers of replicas and shards.
 *
 * @param name the cluster's; empty: as the directory's cluster is called, or demo
 * @param groups how many serve at first; empty: as many as the directory's cluster had, or 2
 * @param replicas members of each group; empty: as the directory's cluster has, or 3
 * @param shards empty: as the directory's cluster has, or 256
 * @param data where it stays; empty: in a temporary directory that goes with it
 * @param ports where members' ports begin
 * @param consolePort of the console; empty: 7000 or the next that is free; 0: any free one
 */
public record LocalOptions(
        Optional<String> name,
        Optional<Integer> groups,
        Optional<Integer> replicas,
        Optional<Integer> shards,
        Optional<Path> data,
        PortRange ports,
        Optional<Integer> consolePort) {}
