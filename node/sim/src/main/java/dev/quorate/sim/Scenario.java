package dev.quorate.sim;

import dev.quorate.sim.world.Fault;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What one run is made of. Everything else follows from the seed.
 *
 * @param groups when there are several, shards move between them
 * @param members of each group, at the start
 * @param millis simulated time with faults
 */
public record Scenario(long seed, int groups, int members, int clients, int shards, Set<Fault> faults, int millis) {
    private static final int[] GROUP_SIZES = {1, 3, 3, 3, 3, 5, 5};
    private static final int MAX_CLIENTS = 6;
    private static final int MIN_MILLIS = 3_000;
    private static final int MAX_MILLIS = 10_000;

    public Scenario {
        Set<Fault> copy = EnumSet.noneOf(Fault.class);
        copy.addAll(faults);
        faults = Collections.unmodifiableSet(copy);
    }

    /** As a seed has it. Half of all kinds of faults happen in a run, so that each run goes deeper with some than it could with all. */
    public static Scenario draw(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int groups = random.nextInt(5) < 2 ? 2 : 1;
        int members = groups == 1 ? GROUP_SIZES[random.nextInt(GROUP_SIZES.length)] : random.nextInt(3) == 0 ? 1 : 3;
        int clients = random.nextInt(1, MAX_CLIENTS + 1);
        int shards = 1 << random.nextInt(3);
        int millis = random.nextInt(MIN_MILLIS, MAX_MILLIS + 1);
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        for (Fault fault : Fault.values()) {
            if (random.nextBoolean()) {
                faults.add(fault);
            }
        }
        return new Scenario(seed, groups, members, clients, shards, faults, millis);
    }

    boolean has(Fault fault) {
        return faults.contains(fault);
    }

    Scenario withGroups(int count) {
        return new Scenario(seed, count, members, clients, shards, faults, millis);
    }

    Scenario withMembers(int count) {
        return new Scenario(seed, groups, count, clients, shards, faults, millis);
    }

    Scenario withClients(int count) {
        return new Scenario(seed, groups, members, count, shards, faults, millis);
    }

    Scenario withShards(int count) {
        return new Scenario(seed, groups, members, clients, count, faults, millis);
    }

    Scenario withFaults(Set<Fault> some) {
        return new Scenario(seed, groups, members, clients, shards, some, millis);
    }

    Scenario withMillis(int time) {
        return new Scenario(seed, groups, members, clients, shards, faults, time);
    }

    Scenario without(Fault fault) {
        Set<Fault> rest = EnumSet.noneOf(Fault.class);
        rest.addAll(faults);
        rest.remove(fault);
        return withFaults(rest);
    }

    /** The command that runs just this, with what differs from what the seed alone would have. */
    public String command() {
        Scenario drawn = draw(seed);
        StringBuilder command = new StringBuilder("./quorate soak --seed " + seed);
        if (groups != drawn.groups) {
            command.append(" --groups ").append(groups);
        }
        if (members != drawn.members) {
            command.append(" --members ").append(members);
        }
        if (clients != drawn.clients) {
            command.append(" --clients ").append(clients);
        }
        if (shards != drawn.shards) {
            command.append(" --shards ").append(shards);
        }
        if (millis != drawn.millis) {
            command.append(" --millis ").append(millis);
        }
        if (!faults.equals(drawn.faults)) {
            String names = faults.stream().map(Fault::option).collect(Collectors.joining(","));
            command.append(" --faults ").append(names.isEmpty() ? "none" : names);
        }
        return command.toString();
    }
}
