package dev.quorate.history;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A place in the search: which operations have been put in order, and what the key may hold after them. */
final class Configuration {
    private static final int OBJECTS_BYTES = 160;

    /** What tells configurations apart, but for versions and what is spent. */
    record Id(int position, Bits ahead, String value) {}

    private final KeyHistory key;
    /** Null at the start. */
    private final Configuration parent;
    /** The operation that leads here from the parent. */
    private final Invocation placed;
    /** All of {@code key.done()} before it are placed, and it is not. */
    final int position;
    /** The lanes of those placed behind the position. */
    private final Bits ahead;

    final KeyState state;
    /** The numbers of those of unknown outcome that are placed. */
    private final Bits spent;

    /** How many of the open operations have been tried next. */
    private int tried;

    /** Where operations of unknown outcome lead; null before they are tried. */
    private Deque<Configuration> spending;

    private Configuration(
            KeyHistory key,
            Configuration parent,
            Invocation placed,
            int position,
            Bits ahead,
            KeyState state,
            Bits spent) {
        this.key = key;
        this.parent = parent;
        this.placed = placed;
        this.position = position;
        this.ahead = ahead;
        this.state = state;
        this.spent = spent;
    }

    static Configuration start(KeyHistory key) {
        return new Configuration(key, null, null, 0, Bits.NONE, KeyState.INITIAL, Bits.NONE);
    }

    boolean isComplete() {
        return position == key.done().length;
    }

    Id id() {
        return new Id(position, ahead, state.value());
    }

    /** Whether all that can follow the other, of the same id, can follow this one. */
    boolean covers(Configuration other) {
        return spent.isSubsetOf(other.spent) && state.covers(other.state);
    }

    /**
     * The next way to go on, or null when there is none left: first what must be placed soonest, what need not be placed last.
     *
     * @param isNew whether a configuration was not visited yet; asked once for each, and then it is. Where operations of unknown outcome lead is asked for
     *     together, so that those that spent one of them cover those that come to the same by more.
     */
    Configuration next(Predicate<Configuration> isNew) {
        int[] open = key.open()[position];
        while (tried < open.length) {
            Configuration next = place(open[tried++]);
            if (next != null && isNew.test(next)) {
                return next;
            }
        }
        if (spending == null) {
            spending = key.unknown().stream()
                    .map(this::spend)
                    .filter(next -> next != null && isNew.test(next))
                    .collect(Collectors.toCollection(ArrayDeque::new));
        }
        return spending.poll();
    }

    private Configuration place(int index) {
        int lane = key.lanes()[index];
        if (ahead.has(lane)) {
            return null;
        }
        Invocation invocation = key.done()[index];
        KeyState after = state.after(invocation.operation(), invocation.result());
        if (after == null) {
            return null;
        }
        if (index != position) {
            return new Configuration(key, this, invocation, position, ahead.with(lane), after, spent);
        }
        int nextPosition = position + 1;
        Bits stillAhead = ahead;
        while (nextPosition < key.done().length && stillAhead.has(key.lanes()[nextPosition])) {
            stillAhead = stillAhead.without(key.lanes()[nextPosition++]);
        }
        return new Configuration(key, this, invocation, nextPosition, stillAhead, after, spent);
    }

    /** Places the first one that is left. */
    private Configuration spend(KeyHistory.Kind kind) {
        int used = 0;
        while (used < kind.invocations().size() && spent.has(kind.firstNumber() + used)) {
            used++;
        }
        if (used == kind.invocations().size()) {
            return null;
        }
        Invocation invocation = kind.invocations().get(used);
        KeyState after = state.after(kind.operation(), null);
        if (after == null || invocation.callNanos() > key.done()[position].returnNanos()) {
            return null;
        }
        return new Configuration(key, this, invocation, position, ahead, after, spent.with(kind.firstNumber() + used));
    }

    /** Versions never go back: something open was told a lower one. */
    boolean isDeadEnd() {
        for (int index : key.open()[position]) {
            if (state.version() > key.versionsMax()[index] && !ahead.has(key.lanes()[index])) {
                return true;
            }
        }
        return false;
    }

    /** The last operations placed, in their order. */
    List<Configuration> lastPlaced(int count) {
        Deque<Configuration> last = new ArrayDeque<>();
        for (Configuration each = this; each.parent != null && last.size() < count; each = each.parent) {
            last.addFirst(each);
        }
        return List.copyOf(last);
    }

    /** Those that are open at the position and not placed. */
    List<Invocation> unplaced() {
        return Arrays.stream(key.open()[position])
                .filter(index -> !ahead.has(key.lanes()[index]))
                .mapToObj(index -> key.done()[index])
                .toList();
    }

    Invocation placed() {
        return placed;
    }

    /** Roughly. */
    int sizeBytes() {
        boolean sameValue = parent != null && parent.state.value() == state.value();
        int valueBytes = sameValue || state.value() == null ? 0 : state.value().length();
        return OBJECTS_BYTES + ahead.sizeBytes() + spent.sizeBytes() + valueBytes;
    }
}
