package dev.quorate.history;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why a key's history is not linearizable: how far an order leads, and what does not fit behind it. */
final class Explanation {
    private static final int LAST_PLACED = 12;
    private static final int STATES = 8;
    private static final int UNKNOWN = 8;

    private final KeyHistory key;
    private final List<Configuration> furthest;
    private final Configuration longest;
    private final long startNanos;

    /** @param furthest of the search that found nothing */
    Explanation(KeyHistory key, List<Configuration> furthest) {
        this.key = key;
        this.furthest = furthest;
        this.longest = furthest.getLast();
        this.startNanos =
                Stream.of(key.done()).mapToLong(Invocation::callNanos).min().orElse(0);
    }

    String text() {
        Invocation blocked = key.done()[longest.position];
        StringBuilder text = new StringBuilder();
        text.append("key \"%s\" is not linearizable\n".formatted(blocked.key()));
        text.append(
                "the first %d of %d operations, by return, can be put in order; with the next one there is no order:\n"
                        .formatted(longest.position, key.done().length));
        line(text, blocked, "");
        text.append("in every order of those before it, the key can hold then: ")
                .append(states())
                .append('\n');
        section(
                text,
                "open at its return, and not placed either",
                longest.unplaced().stream().filter(each -> each != blocked),
                "");
        text.append("the end of one such order:\n");
        for (Configuration each : longest.lastPlaced(LAST_PLACED)) {
            line(text, each.placed(), "  => " + each.state);
        }
        section(
                text,
                "of unknown outcome, called by then (they may be placed or not)",
                key.unknown().stream()
                        .flatMap(kind -> kind.invocations().stream())
                        .filter(each -> each.callNanos() <= blocked.returnNanos()),
                "");
        return text.toString();
    }

    private String states() {
        List<String> states =
                furthest.stream().map(each -> each.state.toString()).distinct().toList();
        String shown = states.stream().limit(STATES).collect(Collectors.joining(", "));
        return states.size() > STATES ? shown + ", and " + (states.size() - STATES) + " more" : shown;
    }

    private void section(StringBuilder text, String title, Stream<Invocation> invocations, String suffix) {
        List<Invocation> all = invocations.toList();
        if (all.isEmpty()) {
            return;
        }
        text.append(title).append(":\n");
        all.stream().limit(UNKNOWN).forEach(each -> line(text, each, suffix));
        if (all.size() > UNKNOWN) {
            text.append("  and %d more\n".formatted(all.size() - UNKNOWN));
        }
    }

    private void line(StringBuilder text, Invocation each, String suffix) {
        text.append("  %s: %s -> %s  [%s, %s]%s\n"
                .formatted(
                        each.client(),
                        describe(each.operation()),
                        each.result() == null ? "unknown" : describe(each.result()),
                        time(each.callNanos()),
                        each.returnNanos() == Invocation.NEVER ? "never" : time(each.returnNanos()),
                        suffix));
    }

    private static String describe(Operation operation) {
        return switch (operation) {
            case Operation.Get get -> "get";
            case Operation.Put put -> "put \"" + put.value() + "\"";
            case Operation.Delete delete -> "delete";
            case Operation.CompareAndSet swap ->
                "cas version " + swap.expectedVersion() + " to \"" + swap.value() + "\"";
            case Operation.Increment increment -> "increment by " + increment.delta();
            case Operation.Append append -> "append \"" + append.suffix() + "\"";
        };
    }

    private static String describe(Result result) {
        return switch (result) {
            case Result.Read(var value, var version) -> value == null ? "absent" : "\"" + value + "\"" + told(version);
            case Result.Written(var version) -> "ok" + told(version);
            case Result.Deleted(var existed) -> existed ? "deleted" : "was absent";
            case Result.Swapped(var applied, var current) ->
                (applied ? "applied" : "refused") + (current == null ? "" : ", holds " + describe(current));
            case Result.Sum(var number) -> Long.toString(number);
            case Result.Length(var bytes) -> bytes + " bytes";
        };
    }

    private static String told(long version) {
        return version == 0 ? "" : " version " + version;
    }

    /** Since the first call. */
    private String time(long nanos) {
        return String.format(Locale.ROOT, "%.6f s", (nanos - startNanos) / 1e9);
    }
}
