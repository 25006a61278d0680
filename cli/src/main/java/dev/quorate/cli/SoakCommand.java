package dev.quorate.cli;

import dev.quorate.cli.local.ClusterFolder;
import dev.quorate.cli.local.LogFile;
import dev.quorate.cli.nemesis.Nemesis;
import dev.quorate.cli.nemesis.Summary;
import dev.quorate.cli.nemesis.Violation;
import dev.quorate.cli.output.UserError;
import dev.quorate.sim.Failure;
import dev.quorate.sim.Scenario;
import dev.quorate.sim.Soak;
import dev.quorate.sim.world.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quorate soak}. */
@Command(
        name = "soak",
        description = {
            "Simulates whole clusters with faults of network, disks and clocks, one after the other, each from a seed.",
            "With --minutes it goes on with fresh seeds, or from --seed on; with --seed alone it runs that one.",
            "With --processes, a real cluster on this machine instead: its processes are killed, paused, cut off from each other and robbed of their",
            "disks, and it is scaled out and in, while clients use it; every minute all that was promised is verified."
        },
        mixinStandardHelpOptions = true)
final class SoakCommand implements Callable<Integer> {
    /** Logs whose lines would be those of simulated disks; held here, since the logging system forgets what nobody holds. */
    private static final Logger SIMULATED = Logger.getLogger("dev.quorate");

    /** A year. */
    private static final int MAX_MINUTES = 366 * 24 * 60;
    /** An hour. */
    private static final int MAX_MILLIS = 3_600_000;

    @Option(names = "--minutes", paramLabel = "N", description = "How long; the seeds under way are finished.")
    private Double minutes;

    @Option(names = "--seed", paramLabel = "S", description = "The first seed, or the only one.")
    private Long seed;

    @Option(
            names = "--threads",
            paramLabel = "T",
            defaultValue = "1",
            description = "Seeds simulated at a time; each on one thread (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--processes", description = "A real cluster of processes; takes --minutes and --seed alone.")
    private boolean processes;

    @Option(names = "--groups", paramLabel = "N", description = "Of one seed: groups.")
    private Integer groups;

    @Option(names = "--members", paramLabel = "N", description = "Of one seed: members of a group at the start.")
    private Integer members;

    @Option(names = "--clients", paramLabel = "N", description = "Of one seed: clients.")
    private Integer clients;

    @Option(names = "--shards", paramLabel = "N", description = "Of one seed: shards.")
    private Integer shards;

    @Option(names = "--millis", paramLabel = "N", description = "Of one seed: simulated time with faults.")
    private Integer millis;

    @Option(names = "--faults", paramLabel = "KINDS", description = "Of one seed: kinds of faults, by commas, or none.")
    private String faults;

    @Option(names = "--trace", description = "Of one seed: print all that happens.")
    private boolean trace;

    @Override
    public Integer call() throws IOException, InterruptedException, TimeoutException {
        if (minutes == null && seed == null) {
            throw UserError.misused("say how long, with --minutes N, or which seed to repeat, with --seed S.");
        }
        if (minutes != null && !(minutes > 0 && minutes <= MAX_MINUTES)) {
            throw UserError.misused("--minutes must be more than 0 and at most " + MAX_MINUTES + ".");
        }
        requireWithin("--threads", threads, 1024);
        requireWithin("--groups", groups, 64);
        requireWithin("--members", members, 9);
        requireWithin("--clients", clients, 256);
        requireWithin("--shards", shards, 1024);
        requireWithin("--millis", millis, MAX_MILLIS);
        if (shards != null && Integer.bitCount(shards) != 1) {
            throw UserError.misused("--shards must be a power of two.");
        }
        return processes ? soakProcesses() : soakSimulated();
    }

    private int soakSimulated() {
        SIMULATED.setLevel(Level.OFF);
        Soak.Result result = minutes == null ? repeat() : soak();
        Failure failure = result.failure();
        if (failure != null) {
            System.out.println(failure.trace());
            System.out.println(failure.describe());
        }
        System.out.printf("%s%n%.0f simulated cluster-seconds a second%n", result.census(), result.rate());
        System.out.println(result.summary());
        return failure == null ? 0 : UserError.FAILED;
    }

    private int soakProcesses() throws IOException, InterruptedException, TimeoutException {
        if (ofOneSimulation() || minutes == null) {
            throw UserError.misused("--processes needs --minutes, may have --seed, and takes no other option.");
        }
        long first = seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed;
        System.out.println("rounds from " + first + " on");
        Path data = Files.createTempDirectory("quorate-nemesis-");
        LogFile.use(data.resolve("quorate.%g.log"));
        try {
            Summary summary = new Nemesis(first, (long) (minutes * TimeUnit.MINUTES.toMillis(1)), data).run();
            System.out.println(summary.words());
            new ClusterFolder(data).delete();
            return 0;
        } catch (Violation e) {
            throw UserError.failed(e.getMessage() + "\nThe cluster's folder stays: " + data
                    + ". Replay, processes and timing aside: quorate soak" + " --processes --minutes 1 --seed "
                    + e.round());
        }
    }

    private boolean ofOneSimulation() {
        return Stream.of(groups, members, clients, shards, millis, faults).anyMatch(option -> option != null) || trace;
    }

    private static void requireWithin(String option, Integer value, int max) {
        if (value != null && (value < 1 || value > max)) {
            throw UserError.misused(option + " must be 1 to " + max + ".");
        }
    }

    private Soak.Result soak() {
        if (ofOneSimulation()) {
            throw UserError.misused(
                    "--groups, --members, --clients, --shards, --millis, --faults and --trace are of one seed: leave --minutes out.");
        }
        long first = seed == null ? System.currentTimeMillis() * 1000 : seed;
        System.out.println("seeds from " + first + " on");
        return new Soak(first, threads).forNanos((long) (minutes * TimeUnit.MINUTES.toNanos(1)));
    }

    private Soak.Result repeat() {
        Scenario drawn = Scenario.draw(seed);
        Scenario scenario = new Scenario(
                seed,
                groups == null ? drawn.groups() : groups,
                members == null ? drawn.members() : members,
                clients == null ? drawn.clients() : clients,
                shards == null ? drawn.shards() : shards,
                faults == null ? drawn.faults() : parseFaults(),
                millis == null ? drawn.millis() : millis);
        System.out.println(scenario);
        return Soak.once(scenario, trace ? System.out::println : null);
    }

    private Set<Fault> parseFaults() {
        Set<Fault> kinds = EnumSet.noneOf(Fault.class);
        if (faults.equals("none")) {
            return kinds;
        }
        for (String name : faults.split(",")) {
            Fault fault = Fault.ofOption(name);
            if (fault == null) {
                String known = Stream.of(Fault.values()).map(Fault::option).collect(Collectors.joining(", "));
                throw UserError.misused("there is no fault " + name + "; there are " + known + ".");
            }
            kinds.add(fault);
        }
        return kinds;
    }
}
