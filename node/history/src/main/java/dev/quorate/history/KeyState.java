package dev.quorate.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;

/**
 * What a key may hold, and how operations change it: the sequential specification. A client is not told every version, so a state stands for several:
 * where {@code exact} is false, for all with this or a greater version.
 *
 * @param value null when absent
 * @param version of the last write to the key, 0 before the first
 */
record KeyState(String value, long version, boolean exact) {
    static final KeyState INITIAL = new KeyState(null, 0, false);

    /**
     * The state after the operation, or null when this state does not allow its result.
     *
     * @param result null when it is not known; of a compare-and-set the successful one is meant, since the other changes nothing
     */
    KeyState after(Operation operation, Result result) {
        return switch (operation) {
            case Operation.Get get -> result == null ? this : showing((Result.Read) result);
            case Operation.Put put -> written(put.value(), result == null ? 0 : ((Result.Written) result).version());
            case Operation.Delete delete -> deleted((Result.Deleted) result);
            case Operation.CompareAndSet swap -> swapped(swap, (Result.Swapped) result);
            case Operation.Increment increment -> incremented(increment.delta(), (Result.Sum) result);
            case Operation.Append append -> appended(append.suffix(), (Result.Length) result);
        };
    }

    private KeyState showing(Result.Read read) {
        if (!Objects.equals(value, read.value())) {
            return null;
        }
        return value == null || read.version() == 0 ? this : at(read.version());
    }

    /** Narrowed to this version. */
    private KeyState at(long told) {
        if (exact ? version != told : told < version) {
            return null;
        }
        return new KeyState(value, told, true);
    }

    private KeyState written(String newValue, long told) {
        if (told == 0) {
            return new KeyState(newValue, version + 1, false);
        }
        return told > version ? new KeyState(newValue, told, true) : null;
    }

    private KeyState deleted(Result.Deleted result) {
        if (result != null && result.existed() != (value != null)) {
            return null;
        }
        return value == null ? this : new KeyState(null, version, false);
    }

    private KeyState swapped(Operation.CompareAndSet swap, Result.Swapped result) {
        if (result == null || result.applied()) {
            KeyState before = matching(swap.expectedVersion());
            Result.Read current = result == null ? null : result.current();
            if (before == null || current != null && !swap.value().equals(current.value())) {
                return null;
            }
            return before.written(swap.value(), current == null ? 0 : current.version());
        }
        return refused(swap.expectedVersion(), result.current());
    }

    private KeyState matching(long expectedVersion) {
        if (expectedVersion == 0) {
            return value == null ? this : null;
        }
        return value == null ? null : at(expectedVersion);
    }

    /** Where the client was not told the current version, that it is not the expected one is not kept: this may only accept more. */
    private KeyState refused(long expectedVersion, Result.Read current) {
        boolean matches = expectedVersion == 0 ? value == null : value != null && exact && version == expectedVersion;
        boolean toldMatches = current != null
                && (expectedVersion == 0 ? current.value() == null : current.version() == expectedVersion);
        if (matches || toldMatches) {
            return null;
        }
        return current == null ? this : showing(current);
    }

    private KeyState incremented(long delta, Result.Sum result) {
        long sum;
        try {
            sum = Math.addExact(value == null ? 0 : Long.parseLong(value), delta);
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
        return result != null && result.number() != sum ? null : written(Long.toString(sum), 0);
    }

    private KeyState appended(String suffix, Result.Length result) {
        String longer = value == null ? suffix : value + suffix;
        return result != null && result.bytes() != longer.getBytes(UTF_8).length ? null : written(longer, 0);
    }

    /** Whether it stands for all that the other stands for. */
    boolean covers(KeyState other) {
        boolean versions = exact ? other.exact && version == other.version : version <= other.version;
        return versions && Objects.equals(value, other.value);
    }

    /** The greatest version of a state that may come at once before an operation with this result. */
    static long versionMaxBefore(Operation operation, Result result) {
        return switch (result) {
            case Result.Read(var value, var version) when value != null && version != 0 -> version;
            case Result.Written(var version) when version != 0 -> version - 1;
            case Result.Swapped(var applied, var current)
            when applied && operation instanceof Operation.CompareAndSet cas ->
                cas.expectedVersion() != 0
                        ? cas.expectedVersion()
                        : current != null && current.version() != 0 ? current.version() - 1 : Long.MAX_VALUE;
            case Result.Swapped(var applied, var current) when current != null -> versionMaxBefore(operation, current);
            default -> Long.MAX_VALUE;
        };
    }

    @Override
    public String toString() {
        if (value == null) {
            return "absent";
        }
        return "\"" + value + "\"" + (version == 0 ? "" : " (version " + version + (exact ? ")" : " or more)"));
    }
}
