package dev.quorate.sim;

import dev.quorate.sim.world.Violation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A scenario that ended in a violation. */
public record Failure(Scenario scenario, RuntimeException cause) {
    private static final int TRACE_LINES = 50;
    private static final int STACK_LINES = 8;

    /** Runs a scenario; null when everything holds. */
    static Failure of(Scenario scenario) {
        return of(scenario, new Census(), null);
    }

    /**
     * @param total what happened is added to it
     * @param tracer gets a line for everything that happens, or null
     */
    static Failure of(Scenario scenario, Census total, Consumer<String> tracer) {
        Simulation simulation = new Simulation(scenario, tracer);
        try {
            simulation.run();
            return null;
        } catch (RuntimeException e) {
            return new Failure(scenario, e);
        } finally {
            total.add(simulation.census());
        }
    }

    /** The name of what does not hold; an exception that nobody expected has its own. */
    public String invariant() {
        return cause instanceof Violation violation
                ? violation.invariant()
                : cause.getClass().getName();
    }

    /** For people: what happened, and the commands that repeat it. */
    public String describe() {
        Scenario shrunk = new Shrinker(invariant()).shrink(scenario);
        return "seed " + scenario.seed() + " violates " + cause.getMessage() + where() + "\n  replay: "
                + scenario.command() + "\n  shrunk: " + shrunk.command();
    }

    /** Of an exception that nobody expected, for there is no invariant to look at. */
    private String where() {
        return cause instanceof Violation
                ? ""
                : Stream.of(cause.getStackTrace())
                        .limit(STACK_LINES)
                        .map(frame -> "\n    at " + frame)
                        .collect(Collectors.joining());
    }

    /** What happened last, by running it again, which takes the same way. */
    public String trace() {
        Deque<String> lines = new ArrayDeque<>();
        try {
            new Simulation(scenario, line -> {
                        lines.add(line.replaceAll("00000000-0000-000(\\d)-0000-0000000000([0-9a-f]{2})", "#$1.$2"));
                        if (lines.size() > TRACE_LINES) {
                            lines.remove();
                        }
                    })
                    .run();
            return "it did not fail again: something in it is not deterministic";
        } catch (RuntimeException e) {
            return String.join("\n", lines);
        }
    }
}
