package dev.quorate.bench;

import dev.quorate.bench.contender.Checkout;
import dev.quorate.bench.contender.Contender;
import dev.quorate.bench.contender.Etcd;
import dev.quorate.bench.contender.Quorate;
import dev.quorate.bench.contender.Ratis;
import dev.quorate.bench.contender.Redis;
import dev.quorate.bench.report.ResultFile;
import dev.quorate.bench.report.ResultTable;
import dev.quorate.bench.report.Summary;
import dev.quorate.bench.report.Workload;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares systems. Without options: all of them, at length; a run of all systems and workloads is kept as {@code bench/results/latest.json}. */
@Command(
        description = "Compares Quorate with its peers on this machine; subcommands measure other things.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
    private static final String BASELINE = "etcd";
    private static final List<String> ALL_SYSTEMS = List.of("quorate", "etcd", "ratis", "redis");
    private static final List<String> ALL_WORKLOADS = List.of("write", "read");
    private static final List<Integer> ALL_CALLERS = List.of(512, 64, 1);

    @Option(names = "--quick", description = "Shorter phases and three rounds: less than 12 minutes.")
    boolean quick;

    @Option(names = "--system", split = ",", description = "Only these: quorate, quorate-redis, etcd, ratis, redis.")
    List<String> systems = ALL_SYSTEMS;

    @Option(names = "--workload", split = ",", description = "Only this: write or read.")
    List<String> workloads = ALL_WORKLOADS;

    @Option(names = "--callers", split = ",", description = "Numbers of callers (512, 64, 1).")
    List<Integer> callers = ALL_CALLERS;

    @Option(names = "--value-bytes", description = "Size of values (256).")
    int valueBytes = 256;

    @Option(names = "--rounds", description = "How often each system takes its turn (5, or 3 if quick).")
    Integer rounds;

    @Option(names = "--seconds", description = "Length of each measured phase (10, or 3 if quick).")
    Double seconds;

    @Option(names = "--jfr", description = "Records Quorate's members with JFR into bench/results.")
    boolean jfr;

    @Spec
    CommandSpec spec;

    private final Checkout checkout = Checkout.here();

    @Override
    public Integer call() throws Exception {
        List<Contender> contenders = contenders();
        boolean everything = contenders.size() == ALL_SYSTEMS.size()
                && workloads.equals(ALL_WORKLOADS)
                && callers.equals(ALL_CALLERS);
        Comparison.Plan plan = new Comparison.Plan(
                parsedWorkloads(),
                callers,
                valueBytes,
                rounds != null ? rounds : quick ? 3 : 5,
                quick ? 5_000 : 20_000,
                quick ? 20_000 : 60_000,
                quick ? 1_000 : 3_000,
                Math.round(1000 * (seconds != null ? seconds : quick ? 3 : 10)),
                everything);
        Comparison.Probe probe = jfr ? new FlightRecordings(checkout.results()) : FlightRecordings.NONE;
        Comparison.Outcome outcome = new Comparison(plan, probe, System.err::println).run(contenders, checkout.work());
        List<Summary> summaries = Summary.of(outcome.measurements());
        System.out.println(new ResultTable(summaries, outcome.toolFigures(), BASELINE).render());
        contenders.forEach(one -> System.out.println("- " + one.name() + ": " + one.description()));
        System.out.println(
                "- each system in each round: a fresh cluster, loaded for %d s (%d s where a JIT compiler is at work), each figure over %d s"
                        .formatted(plan.loadMillis() / 1000, plan.loadMillisOfJit() / 1000, plan.millis() / 1000));
        outcome.notes().forEach(note -> System.out.println("- " + note));
        if (everything) {
            Files.createDirectories(checkout.results());
            Files.writeString(checkout.results().resolve("latest.json"), ResultFile.render(summaries));
        }
        return summaries.stream().anyMatch(one -> one.failures() > 0) ? 1 : 0;
    }

    private List<Contender> contenders() {
        Map<String, Contender> known = new LinkedHashMap<>();
        for (Contender one : List.of(
                Quorate.byJavaClient(checkout),
                Quorate.byRedisPort(checkout),
                new Etcd(checkout),
                new Ratis(checkout),
                new Redis(checkout))) {
            known.put(one.name(), one);
        }
        List<Contender> chosen = new ArrayList<>();
        for (String system : systems) {
            Contender contender = known.get(system);
            if (contender == null) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "no system " + system + ": choose of " + known.keySet());
            }
            if (contender.present()) {
                chosen.add(contender);
            } else {
                System.out.println("- " + system + " is left out, it is not on this machine: " + contender.remedy());
            }
        }
        return chosen;
    }

    private List<Workload> parsedWorkloads() {
        return workloads.stream()
                .map(name -> Workload.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
    }
}
