package dev.quorate.cli.local;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a local cluster is started with. A directory that holds a cluster keeps its name, its identity and its number of shards.
 *
 * @param name the cluster's; empty: as the directory's cluster is called, or demo
 * @param groups how many serve at first; empty: as many as the directory's cluster had, or 2
 * @param replicas members of each group; empty: as the directory's cluster has, or 3
 * @param shards empty: as the directory's cluster has, or 256
 * @param maxMoves most shards that move at once; empty: as the directory's cluster has, or the usual
 * @param maxMovesPerGroup the same for one group
 * @param data where it stays; empty: in a temporary directory that goes with it
 * @param ports where members' ports begin
 * @param members where they run
 * @param faultSwitch whether members that are processes of their own can have faults of their network, for tests
 * @param consolePort of the console; empty: 7000 or the next that is free; 0: any free one
 */
public record LocalOptions(
        Optional<String> name,
        Optional<Integer> groups,
        Optional<Integer> replicas,
        Optional<Integer> shards,
        Optional<Integer> maxMoves,
        Optional<Integer> maxMovesPerGroup,
        Optional<Path> data,
        PortRange ports,
        Members members,
        boolean faultSwitch,
        Optional<Integer> consolePort) {
    /** Where the members of a cluster run. */
    public enum Members {
        /** All in this process. */
        HERE,
        /** Each in a process of its own, which ends with this one. */
        CHILDREN,
        /** Each in a process of its own, which outlives this one. */
        DETACHED
    }

    /** A new cluster with its members in this process, its data in a temporary directory, and any free ports. */
    public static LocalOptions of(String name, int groups, int replicas, int shards) {
        return new LocalOptions(
                Optional.of(name),
                Optional.of(groups),
                Optional.of(replicas),
                Optional.of(shards),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                PortRange.any(),
                Members.HERE,
                false,
                Optional.of(0));
    }

    public LocalOptions withData(Path directory) {
        return with(Optional.of(directory), members, faultSwitch);
    }

    public LocalOptions withMembers(Members where) {
        return with(data, where, faultSwitch);
    }

    public LocalOptions withFaultSwitch() {
        return with(data, members, true);
    }

    private LocalOptions with(Optional<Path> newData, Members newMembers, boolean newFaultSwitch) {
        return new LocalOptions(
                name,
                groups,
                replicas,
                shards,
                maxMoves,
                maxMovesPerGroup,
                newData,
                ports,
                newMembers,
                newFaultSwitch,
                consolePort);
    }
}
