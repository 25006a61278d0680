package dev.quorate.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Random histories of a real register: clients call at random times, each operation takes effect at a random moment before its return, in one place. So they are
 * linearizable by construction. The register is written down here once more, with versions that sometimes jump.
 */
final class Generator {
    private record Planned(int client, Operation operation, long call, long effect, long end, Outcome outcome) {}

    private final Random random;
    private final boolean numbers;
    private String value;
    private long version;
    private int nextValue;

    /** @param numbers whether values are numbers, so that there may be increments */
    Generator(Random random, boolean numbers) {
        this.random = random;
        this.numbers = numbers;
    }

    History history(int clients, int operations, double unknown) {
        List<Planned> planned = new ArrayList<>();
        long[] freeAt = new long[clients];
        for (int i = 0; i < operations; i++) {
            int client = random.nextInt(clients);
            long call = freeAt[client] + 1 + random.nextInt(20);
            boolean isUnknown = random.nextDouble() < unknown;
            boolean isFailed = !isUnknown && random.nextInt(20) == 0;
            long effect = call + random.nextInt(isUnknown ? 400 : 20);
            long end = effect + random.nextInt(20);
            freeAt[client] = isUnknown ? call + random.nextInt(40) : end;
            Outcome outcome = isUnknown ? Outcome.UNKNOWN : isFailed ? Outcome.FAILED : Outcome.OK;
            boolean never = isFailed || isUnknown && random.nextBoolean();
            planned.add(new Planned(client, null, call, never ? Long.MAX_VALUE : effect, end, outcome));
        }
        planned.sort(Comparator.comparingLong(Planned::effect));
        List<Invocation> invocations = new ArrayList<>();
        for (Planned each : planned) {
            invocations.add(happen(each));
        }
        return new History(invocations);
    }

    private Invocation happen(Planned each) {
        Operation operation = randomOperation();
        Result result = each.effect() == Long.MAX_VALUE ? null : apply(operation);
        String client = "c" + each.client();
        return switch (each.outcome()) {
            case OK -> Invocation.ok(client, operation, result, each.call(), each.end());
            case FAILED -> Invocation.failed(client, operation, each.call(), each.end());
            case UNKNOWN -> Invocation.unknown(client, operation, each.call());
        };
    }

    private Operation randomOperation() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> Hand.get();
            case 3, 4, 5 -> Hand.put(newValue());
            case 6 -> random.nextInt(3) == 0 ? Hand.delete() : Hand.get();
            case 7, 8 -> Hand.cas(random.nextInt(4) == 0 || value == null ? random.nextInt(3) : version, newValue());
            default -> numbers ? Hand.increment(1 + random.nextInt(3)) : Hand.append(newValue());
        };
    }

    private String newValue() {
        return numbers ? Integer.toString(100 * nextValue++) : Integer.toString(nextValue++, 36);
    }

    private Result apply(Operation operation) {
        return switch (operation) {
            case Operation.Get get -> current();
            case Operation.Put put -> {
                set(put.value());
                yield new Result.Written(told());
            }
            case Operation.Delete delete -> {
                boolean existed = value != null;
                value = null;
                yield new Result.Deleted(existed);
            }
            case Operation.CompareAndSet swap -> {
                boolean applied = swap.expectedVersion() == (value == null ? 0 : version);
                if (applied) {
                    set(swap.value());
                }
                yield new Result.Swapped(applied, new Result.Read(value, value == null ? 0 : version));
            }
            case Operation.Increment increment -> {
                long sum = (value == null ? 0 : Long.parseLong(value)) + increment.delta();
                set(Long.toString(sum));
                yield new Result.Sum(sum);
            }
            case Operation.Append append -> {
                set(value == null ? append.suffix() : value + append.suffix());
                yield new Result.Length(value.length());
            }
        };
    }

    private Result.Read current() {
        return new Result.Read(value, value == null ? 0 : told());
    }

    private void set(String newValue) {
        value = newValue;
        version += 1 + (random.nextInt(4) == 0 ? random.nextInt(3) : 0);
    }

    /** Some clients are not told versions. */
    private long told() {
        return random.nextInt(3) == 0 ? 0 : version;
    }
}
