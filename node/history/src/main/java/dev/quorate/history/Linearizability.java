package dev.quorate.history;

import java.util.List;
import java.util.Map;

/** Checks histories. */
public final class Linearizability {
    private Linearizability() {}

    /** Whether there is one order of all operations, each at a moment between its call and its return, that explains every answer. */
    public static Verdict check(History history, Limits limits) {
        Budget budget = new Budget(limits);
        for (Map.Entry<String, List<Invocation>> each : history.byKey().entrySet()) {
            KeyHistory key = KeyHistory.of(each.getValue());
            Search search = new Search(key, budget);
            switch (search.run()) {
                case FOUND -> {}
                case NONE -> {
                    return new Verdict.Violation(each.getKey(), new Explanation(key, search.furthest()).text());
                }
                case OUT_OF_BUDGET -> {
                    return new Verdict.Undecided(
                            each.getKey(),
                            "key \"" + each.getKey() + "\" with "
                                    + each.getValue().size() + " operations is undecided after "
                                    + budget.configurations() + " configurations: allow more than " + limits
                                    + ", or spread the operations over more keys");
                }
            }
        }
        return new Verdict.Linearizable(history.size(), budget.configurations());
    }
}
