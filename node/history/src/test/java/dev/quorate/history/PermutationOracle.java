package dev.quorate.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The definition, tried out: every order of every choice of a few operations on one key, with every version that a write may have given. Shares nothing with
 * the checker.
 */
final class PermutationOracle {
    private final long versionMax;
    private final List<Invocation> all = new ArrayList<>();

    private PermutationOracle(History history, long versionMax) {
        this.versionMax = versionMax;
        for (Invocation each : history.invocations()) {
            if (each.outcome() != Outcome.FAILED) {
                all.add(each);
            }
        }
    }

    /** @param versionMax greatest version in the history plus the number of writes: more make no difference */
    static boolean linearizable(History history, long versionMax) {
        PermutationOracle oracle = new PermutationOracle(history, versionMax);
        return oracle.extend(new boolean[oracle.all.size()], null, 0);
    }

    private boolean extend(boolean[] placed, String value, long version) {
        boolean allOkPlaced = true;
        for (int i = 0; i < placed.length; i++) {
            allOkPlaced &= placed[i] || all.get(i).outcome() == Outcome.UNKNOWN;
        }
        if (allOkPlaced) {
            return true;
        }
        for (int i = 0; i < placed.length; i++) {
            if (!placed[i] && mayComeNext(i, placed)) {
                placed[i] = true;
                if (place(all.get(i), placed, value, version)) {
                    return true;
                }
                placed[i] = false;
            }
        }
        return false;
    }

    private boolean mayComeNext(int index, boolean[] placed) {
        for (int i = 0; i < placed.length; i++) {
            boolean mustComeFirst = all.get(i).outcome() == Outcome.OK
                    && all.get(i).returnNanos() < all.get(index).callNanos();
            if (!placed[i] && mustComeFirst) {
                return false;
            }
        }
        return true;
    }

    private boolean place(Invocation each, boolean[] placed, String value, long version) {
        boolean unknown = each.outcome() == Outcome.UNKNOWN;
        return switch (each.operation()) {
            case Operation.Get get ->
                (unknown || shows((Result.Read) each.result(), value, version)) && extend(placed, value, version);
            case Operation.Put put ->
                write(placed, put.value(), version, unknown ? 0 : ((Result.Written) each.result()).version());
            case Operation.Delete delete ->
                (unknown || ((Result.Deleted) each.result()).existed() == (value != null))
                        && extend(placed, null, version);
            case Operation.CompareAndSet swap -> swap(each, swap, placed, value, version);
            case Operation.Increment increment -> {
                long sum = (value == null ? 0 : Long.parseLong(value)) + increment.delta();
                yield (unknown || ((Result.Sum) each.result()).number() == sum)
                        && write(placed, Long.toString(sum), version, 0);
            }
            case Operation.Append append -> {
                String longer = Objects.requireNonNullElse(value, "") + append.suffix();
                yield (unknown || ((Result.Length) each.result()).bytes() == longer.length())
                        && write(placed, longer, version, 0);
            }
        };
    }

    private boolean swap(Invocation each, Operation.CompareAndSet swap, boolean[] placed, String value, long version) {
        boolean matches = value == null ? swap.expectedVersion() == 0 : swap.expectedVersion() == version;
        if (each.outcome() == Outcome.UNKNOWN) {
            return matches && write(placed, swap.value(), version, 0);
        }
        Result.Swapped result = (Result.Swapped) each.result();
        if (result.applied() != matches) {
            return false;
        }
        if (!matches) {
            return shows(result.current(), value, version) && extend(placed, value, version);
        }
        return result.current().value() != null
                && result.current().value().equals(swap.value())
                && write(placed, swap.value(), version, result.current().version());
    }

    private static boolean shows(Result.Read read, String value, long version) {
        return Objects.equals(read.value(), value)
                && (value == null || read.version() == 0 || read.version() == version);
    }

    private boolean write(boolean[] placed, String value, long version, long told) {
        if (told != 0) {
            return told > version && extend(placed, value, told);
        }
        for (long given = version + 1; given <= versionMax; given++) {
            if (extend(placed, value, given)) {
                return true;
            }
        }
        return false;
    }
}
