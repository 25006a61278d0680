package dev.quorate.sim.mutation;

import dev.quorate.sim.Soak;
import java.util.concurrent.TimeUnit;

/** The process of one mutant, whose classes come first on its class path: runs fresh seeds until one fails or the time is over. */
final class MutantRun {
    /** Begins the line that the parent looks for; numbers and the invariant follow, by tabs. */
    static final String RESULT = "mutant-result";

    private MutantRun() {}

    /** @param args first seed, seconds */
    public static void main(String[] args) {
        Soak.Result result =
                new Soak(Long.parseLong(args[0]), 1).forNanos(TimeUnit.SECONDS.toNanos(Long.parseLong(args[1])));
        boolean caught = result.failure() != null;
        System.out.println(String.join(
                "\t",
                RESULT,
                Long.toString(result.census().runs() + (caught ? 1 : 0)),
                Double.toString(result.seconds()),
                caught ? Long.toString(result.failure().scenario().seed()) : "",
                caught ? result.failure().invariant() : ""));
        if (caught) {
            result.failure().cause().printStackTrace(System.out);
        }
    }
}
