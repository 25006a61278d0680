package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import dev.quorate.store.proto.WriteCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random writes and expiries of a shard against a plain map, in the simplest words that say what they should do. */
class ModelTest {
    private static final int CALLS = 1500;

    @TempDir
    Path directory;

    private final Seed seed = Seed.of(ModelTest.class);

    /** One shard, as its users are promised it. */
    private static final class Model {
        record Value(String text, long deadlineMillis) {}

        private TreeMap<String, Value> keys = new TreeMap<>();
        private long clockMillis;

        /** What each operation should answer, or null when the command should be rejected. */
        List<String> write(WriteCommand command) {
            TreeMap<String, Value> before = new TreeMap<>(keys);
            long clockBefore = clockMillis;
            tick(command.getNowMillis());
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < command.getOperationsCount(); i++) {
                String answer = operate(command.getOperations(i));
                if (answer == null) {
                    keys = before;
                    clockMillis = clockBefore;
                    return null;
                }
                answers.add(answer);
            }
            return answers;
        }

        /** What is expired is gone at once: users can't tell. */
        void tick(long nowMillis) {
            clockMillis = Math.max(clockMillis, nowMillis);
            keys.values().removeIf(value -> value.deadlineMillis != 0 && value.deadlineMillis <= clockMillis);
        }

        private String operate(Operation operation) {
            String key = operation.getKey().toStringUtf8();
            Value old = keys.get(key);
            return switch (operation.getOperationCase()) {
                case PUT -> {
                    Put put = operation.getPut();
                    boolean holds = switch (put.getCondition()) {
                        case IF_ABSENT -> old == null;
                        case IF_PRESENT -> old != null;
                        default -> true;
                    };
                    if (holds) {
                        boolean keep = put.getKeepDeadline() && old != null;
                        set(key, put.getValue().toStringUtf8(), keep ? old.deadlineMillis : put.getDeadlineMillis());
                    }
                    String previous = !holds || put.getReturnPrevious() ? text(old) : "unasked";
                    yield holds + " " + previous;
                }
                case DELETE -> (keys.remove(key) != null) + "";
                case INCREMENT -> {
                    if (old != null && !old.text.matches("0|-?[1-9][0-9]*")) {
                        yield null;
                    }
                    long sum = (old == null ? 0 : Long.parseLong(old.text))
                            + operation.getIncrement().getDelta();
                    set(key, Long.toString(sum), old == null ? 0 : old.deadlineMillis);
                    yield Long.toString(sum);
                }
                case OPERATION_NOT_SET -> throw new AssertionError();
            };
        }

        private void set(String key, String text, long deadlineMillis) {
            keys.put(key, new Value(text, deadlineMillis));
            tick(clockMillis);
        }

        private static String text(Value value) {
            return value == null ? "none" : value.text;
        }
    }

    private static List<String> answers(WriteCommand command, ApplyResult result) {
        if (!(result instanceof ApplyResult.Written(List<OperationResult> results))) {
            assertThat(result).isInstanceOf(ApplyResult.Rejected.class);
            return null;
        }
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            OperationResult answer = results.get(i);
            Operation operation = command.getOperations(i);
            answers.add(
                    switch (operation.getOperationCase()) {
                        case PUT -> {
                            boolean told =
                                    !answer.applied() || operation.getPut().getReturnPrevious();
                            yield answer.applied() + " " + (told ? text(answer.previous()) : "unasked");
                        }
                        case DELETE -> answer.applied() + "";
                        case INCREMENT -> Long.toString(answer.number());
                        case OPERATION_NOT_SET -> throw new AssertionError();
                    });
        }
        return answers;
    }

    private static String text(Versioned versioned) {
        return versioned == null ? "none" : new String(versioned.value(), StandardCharsets.UTF_8);
    }

    @Test
    void theStoreDoesWhatTheModelDoes() {
        Random random = seed.random();
        Model model = new Model();
        try (TestStore store = TestStore.owning(directory, 1)) {
            long nowMillis = 1000;
            long version = 0;
            for (int call = 0; call < CALLS; call++) {
                nowMillis += random.nextInt(15) - 2;
                Command[] commands = new Command[1 + random.nextInt(4)];
                for (int i = 0; i < commands.length; i++) {
                    commands[i] = withoutVersions(History.write(random, 0, nowMillis));
                }
                List<ApplyResult> results = store.applyAll(commands);
                for (int i = 0; i < commands.length; i++) {
                    WriteCommand command = commands[i].getWrite();
                    assertThat(answers(command, results.get(i)))
                            .as("call " + call + ", " + seed.replay())
                            .isEqualTo(model.write(command));
                    version = checkVersions(version, results.get(i));
                }
                if (random.nextInt(5) == 0) {
                    expire(store, nowMillis, 1 + random.nextInt(5));
                    model.tick(nowMillis);
                }
                assertSame(store, model, random);
            }
        }
    }

    /** The model knows no versions: the unit tests cover their comparison. */
    private static Command withoutVersions(Command command) {
        WriteCommand.Builder write = command.getWrite().toBuilder();
        for (Operation.Builder operation : write.getOperationsBuilderList()) {
            if (operation.hasDelete()) {
                operation.getDeleteBuilder().clearIfVersion();
            } else if (operation.hasPut() && operation.getPut().getCondition() == Put.Condition.IF_VERSION) {
                operation.getPutBuilder().clearCondition();
            }
        }
        return Command.newBuilder().setWrite(write).build();
    }

    /** Each write to the shard has a higher version than all before it. */
    private long checkVersions(long last, ApplyResult result) {
        if (result instanceof ApplyResult.Written(List<OperationResult> results)) {
            for (OperationResult written : results) {
                if (written.applied() && written.current() != null) {
                    assertThat(written.current().version()).as(seed.replay()).isGreaterThan(last);
                    last = written.current().version();
                }
            }
        }
        return last;
    }

    private static void expire(TestStore store, long nowMillis, int limit) {
        try (StoreView view = store.store.view()) {
            store.apply(Commands.expire(0, nowMillis, view.due(0, nowMillis, limit)));
        }
    }

    private void assertSame(TestStore store, Model model, Random random) {
        try (StoreView view = store.store.view()) {
            List<String> actual = view.scan(0, null, null, 1000).stream()
                    .map(item -> new String(item.key(), StandardCharsets.UTF_8) + "=" + text(item.value()) + " "
                            + item.value().deadlineMillis())
                    .toList();
            List<String> expected = model.keys.entrySet().stream()
                    .map(key -> key.getKey() + "=" + key.getValue().text + " " + key.getValue().deadlineMillis)
                    .toList();
            assertThat(actual).as(seed.replay()).isEqualTo(expected);
            String key = History.key(random);
            assertThat(text(view.get(0, Commands.bytes(key))))
                    .as(seed.replay())
                    .isEqualTo(Model.text(model.keys.get(key)));
        }
    }
}
