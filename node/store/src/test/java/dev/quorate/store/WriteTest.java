package dev.quorate.store;

import static dev.quorate.store.Commands.bytes;
import static dev.quorate.store.Commands.delete;
import static dev.quorate.store.Commands.increment;
import static dev.quorate.store.Commands.put;
import static dev.quorate.store.Commands.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.store.proto.Put.Condition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteTest {
    @TempDir
    Path directory;

    private TestStore store;

    @BeforeEach
    void open() {
        store = TestStore.owning(directory, 4);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aPutIsReadBackWithItsVersion() {
        OperationResult result = store.write(put("k", "v"));
        assertThat(result.applied()).isTrue();
        assertThat(result.current()).isEqualTo(new Versioned(null, 1, 0));
        assertThat(result.previous()).isNull();
        assertThat(store.value("k")).isEqualTo("v");
        assertThat(store.write(put("other", "v")).current().version()).isEqualTo(2);
    }

    @Test
    void thePreviousValueComesWhenAskedFor() {
        store.write(put("k", "1"));
        OperationResult result = store.write(put("k", value("2").setReturnPrevious(true)));
        assertThat(result.previous().value()).isEqualTo(bytes("1"));
        assertThat(result.previous().version()).isEqualTo(1);
        assertThat(store.write(put("new", value("1").setReturnPrevious(true))).previous())
                .isNull();
    }

    @Test
    void ifAbsentWritesOnlyWhatIsNotThere() {
        assertThat(store.write(put("k", value("1").setCondition(Condition.IF_ABSENT)))
                        .applied())
                .isTrue();
        OperationResult second = store.write(put("k", value("2").setCondition(Condition.IF_ABSENT)));
        assertThat(second.applied()).isFalse();
        assertThat(second.previous().value()).isEqualTo(bytes("1"));
        assertThat(second.current().value()).isEqualTo(bytes("1"));
        assertThat(store.value("k")).isEqualTo("1");
    }

    @Test
    void ifPresentWritesOnlyWhatIsThere() {
        OperationResult first = store.write(put("k", value("1").setCondition(Condition.IF_PRESENT)));
        assertThat(first.applied()).isFalse();
        assertThat(first.current()).isNull();
        store.write(put("k", "1"));
        assertThat(store.write(put("k", value("2").setCondition(Condition.IF_PRESENT)))
                        .applied())
                .isTrue();
        assertThat(store.value("k")).isEqualTo("2");
    }

    @Test
    void ifVersionComparesAndZeroMeansAbsent() {
        assertThat(compareAndSet("k", 1, "x").applied()).isFalse();
        OperationResult created = compareAndSet("k", 0, "1");
        assertThat(created.applied()).isTrue();
        assertThat(compareAndSet("k", 0, "x").applied()).isFalse();
        assertThat(compareAndSet("k", created.current().version(), "2").applied())
                .isTrue();
        assertThat(store.value("k")).isEqualTo("2");
    }

    private OperationResult compareAndSet(String key, long version, String value) {
        return store.write(
                put(key, value(value).setCondition(Condition.IF_VERSION).setExpectedVersion(version)));
    }

    @Test
    void deleteTellsWhetherThereWasSomething() {
        assertThat(store.write(delete("k")).applied()).isFalse();
        long version = store.write(put("k", "v")).current().version();
        assertThat(store.write(delete("k", version + 1)).applied()).isFalse();
        assertThat(store.value("k")).isEqualTo("v");
        OperationResult deleted = store.write(delete("k", version));
        assertThat(deleted.applied()).isTrue();
        assertThat(deleted.current()).isNull();
        assertThat(store.value("k")).isNull();
    }

    @Test
    void aKeyThatComesBackHasAHigherVersion() {
        long before = store.write(put("k", "v")).current().version();
        store.write(delete("k"));
        assertThat(store.write(put("k", "v")).current().version()).isGreaterThan(before + 1);
    }

    @Test
    void incrementCountsFromZeroInDecimalText() {
        assertThat(store.write(increment("n", 5)).number()).isEqualTo(5);
        assertThat(store.write(increment("n", -7)).number()).isEqualTo(-2);
        assertThat(store.value("n")).isEqualTo("-2");
        store.write(put("n", Long.toString(Long.MIN_VALUE)));
        assertThat(store.write(increment("n", 1)).number()).isEqualTo(Long.MIN_VALUE + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1.0",
                " 1",
                "1 ",
                "+1",
                "01",
                "-0",
                "9223372036854775808",
                "٣",
                "123456789012345678901234"
            })
    void incrementRefusesWhatIsNoInteger(String text) {
        store.write(put("n", text));
        assertThat(store.apply(Commands.write(0, 0, increment("n", 1))))
                .isEqualTo(new ApplyResult.Rejected("value is not an integer or out of range"));
        assertThat(store.value("n")).isEqualTo(text);
    }

    @Test
    void incrementRefusesToOverflow() {
        store.write(put("n", Long.toString(Long.MAX_VALUE)));
        assertThat(store.apply(Commands.write(0, 0, increment("n", 1)))).isInstanceOf(ApplyResult.Rejected.class);
        store.write(put("n", Long.toString(Long.MIN_VALUE)));
        assertThat(store.apply(Commands.write(0, 0, increment("n", -1)))).isInstanceOf(ApplyResult.Rejected.class);
        assertThat(store.value("n")).isEqualTo(Long.toString(Long.MIN_VALUE));
    }

    @Test
    void operationsOfACommandSeeOneAnother() {
        List<OperationResult> results = store.write(
                0,
                put("n", "1"),
                increment("n", 1),
                delete("n"),
                increment("n", 9),
                put("n", value("x").setCondition(Condition.IF_ABSENT)));
        assertThat(results).extracting(OperationResult::applied).containsExactly(true, true, true, true, false);
        assertThat(store.value("n")).isEqualTo("9");
    }

    @Test
    void entriesOfACallSeeOneAnother() {
        List<ApplyResult> results = store.applyAll(
                Commands.write(0, 0, put("n", "41")),
                Commands.write(0, 0, increment("n", 1)),
                Commands.write(1, 0, increment("n", 1)));
        assertThat(((ApplyResult.Written) results.get(1))
                        .operations()
                        .getFirst()
                        .number())
                .isEqualTo(42);
        assertThat(store.value(0, "n")).isEqualTo("42");
        assertThat(store.value(1, "n")).isEqualTo("1");
    }

    @Test
    void aRefusedOperationUndoesItsWholeCommandAndNothingElse() {
        store.write(put("a", "old"));
        long counter = store.record(0).getVersionCounter();
        List<ApplyResult> results = store.applyAll(
                Commands.write(0, 5, put("b", "1")),
                Commands.write(0, 9, put("a", "new"), put("a", "newer"), delete("b"), increment("a", 1)),
                Commands.write(0, 7, put("c", "1")));
        assertThat(results.get(1)).isInstanceOf(ApplyResult.Rejected.class);
        assertThat(store.value("a")).isEqualTo("old");
        assertThat(store.value("b")).isEqualTo("1");
        assertThat(store.value("c")).isEqualTo("1");
        assertThat(store.record(0).getVersionCounter()).isEqualTo(counter + 2);
        assertThat(store.record(0).getClockMillis()).isEqualTo(7);
    }

    @Test
    void aShardThatIsNotHereTakesNoWrites() {
        ApplyResult result = store.apply(Commands.write(4, 0, put("k", "v")));
        assertThat(result).isEqualTo(new ApplyResult.NotOwned(store.store.shard(4)));
        assertThat(store.apply(Commands.write(-1, 0, put("k", "v")))).isInstanceOf(ApplyResult.NotOwned.class);
        assertThat(store.apply(Commands.write(16384, 0, put("k", "v")))).isInstanceOf(ApplyResult.NotOwned.class);
    }

    @Test
    void scanPagesInKeyOrderWithinThePrefix() {
        store.write(0, put("a", "1"), put("ab", "2"), put("abc", "3"), put("b", "4"), put("", "0"));
        store.apply(Commands.write(1, 0, put("abx", "other shard")));
        try (StoreView view = store.store.view()) {
            assertThat(keys(view.scan(0, null, null, 10))).containsExactly("", "a", "ab", "abc", "b");
            assertThat(keys(view.scan(0, bytes("ab"), null, 10))).containsExactly("ab", "abc");
            assertThat(keys(view.scan(0, bytes("ab"), bytes("ab"), 10))).containsExactly("abc");
            assertThat(keys(view.scan(0, bytes("ab"), bytes("a"), 10))).containsExactly("ab", "abc");
            assertThat(keys(view.scan(0, bytes("ab"), bytes("b"), 10))).isEmpty();
            assertThat(keys(view.scan(0, null, bytes("ab"), 1))).containsExactly("abc");
            assertThat(keys(view.scan(0, null, bytes(""), 2))).containsExactly("a", "ab");
        }
    }

    private static List<String> keys(List<Item> items) {
        return items.stream()
                .map(item -> new String(item.key(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void multiGetAnswersInOrderWithNullForAbsent() {
        store.write(0, put("a", "1"), put("b", "2"));
        try (StoreView view = store.store.view()) {
            List<Versioned> values = view.multiGet(0, List.of(bytes("b"), bytes("x"), bytes("a"), bytes("b")));
            assertThat(values.get(0).value()).isEqualTo(bytes("2"));
            assertThat(values.get(1)).isNull();
            assertThat(values.get(2).value()).isEqualTo(bytes("1"));
            assertThat(values.get(3).value()).isEqualTo(bytes("2"));
        }
    }

    @Test
    void aViewStaysWhereItWasTaken() {
        store.write(put("k", "1"));
        try (StoreView view = store.store.view()) {
            store.write(put("k", "2"));
            store.apply(Commands.freeze(0, 9));
            assertThat(view.appliedIndex()).isEqualTo(2);
            assertThat(view.shard(0).owned()).isTrue();
            assertThat(view.get(0, bytes("k")).value()).isEqualTo(bytes("1"));
        }
        assertThat(store.value("k")).isEqualTo("2");
        assertThat(store.store.shard(0).owned()).isFalse();
    }
}
