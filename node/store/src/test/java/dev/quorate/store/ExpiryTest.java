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

class ExpiryTest {
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

    private void putUntil(long deadlineMillis, String key, String value) {
        store.write(put(key, value(value).setDeadlineMillis(deadlineMillis)));
    }

    /** Moves shard 0's clock. */
    private void tick(long nowMillis) {
        store.write(nowMillis, put("clock", ""));
    }

    private List<DueKey> due(long nowMillis) {
        try (StoreView view = store.store.view()) {
            return view.due(0, nowMillis, 100);
        }
    }

    private List<String> dueKeys(long nowMillis) {
        return due(nowMillis).stream()
                .map(key -> new String(key.key(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aKeyIsThereUntilItsDeadlineByTheShardsClock() {
        putUntil(100, "k", "v");
        tick(99);
        assertThat(store.value("k")).isEqualTo("v");
        tick(100);
        assertThat(store.value("k")).isNull();
        try (StoreView view = store.store.view()) {
            assertThat(view.multiGet(0, List.of(bytes("k"))).getFirst()).isNull();
            assertThat(view.scan(0, null, null, 10))
                    .extracting(item -> new String(item.key(), StandardCharsets.UTF_8))
                    .containsExactly("clock");
        }
    }

    @Test
    void theClockNeverGoesBackSoAKeyNeverComesBack() {
        putUntil(100, "k", "v");
        tick(100);
        tick(50);
        assertThat(store.record(0).getClockMillis()).isEqualTo(100);
        assertThat(store.value("k")).isNull();
    }

    @Test
    void eachShardHasItsOwnClock() {
        tick(100);
        store.apply(Commands.write(1, 0, put("k", value("v").setDeadlineMillis(50))));
        assertThat(store.value(1, "k")).isEqualTo("v");
    }

    @Test
    void anExpiredKeyIsAbsentToEveryOperation() {
        for (String key : List.of("a", "b", "c", "d", "e", "f")) {
            putUntil(100, key, "7");
        }
        tick(100);
        assertThat(store.write(delete("a")).applied()).isFalse();
        assertThat(store.write(increment("b", 1)).number()).isEqualTo(1);
        assertThat(store.write(put("c", value("x").setCondition(Condition.IF_PRESENT)))
                        .applied())
                .isFalse();
        assertThat(store.write(put("d", value("x").setCondition(Condition.IF_ABSENT)))
                        .applied())
                .isTrue();
        assertThat(store.write(put("e", value("x").setKeepDeadline(true).setReturnPrevious(true))))
                .satisfies(result -> {
                    assertThat(result.previous()).isNull();
                    assertThat(result.current().deadlineMillis()).isZero();
                });
        assertThat(store.write(put("f", value("x").setCondition(Condition.IF_VERSION)))
                        .applied())
                .as("version 0 stands for absent")
                .isTrue();
        assertThat(dueKeys(1000)).as("overwritten keys lost their deadlines").containsExactly("a", "c");
    }

    @Test
    void thisCommandsClockCountsAlready() {
        putUntil(100, "k", "v");
        assertThat(store.write(100, put("k", value("x").setCondition(Condition.IF_ABSENT)))
                        .getFirst()
                        .applied())
                .isTrue();
    }

    @Test
    void aTimeToLiveCountsFromTheShardsClockThoughTheProposersIsBehind() {
        tick(60_000);
        var written = store.write(
                        30_000, put("lock", value("mine").setTtlMillis(1_000).setCondition(Condition.IF_ABSENT)))
                .getFirst();
        assertThat(written.current().deadlineMillis()).isEqualTo(61_000);
        assertThat(store.write(
                                30_000,
                                put("lock", value("theirs").setTtlMillis(1_000).setCondition(Condition.IF_ABSENT)))
                        .getFirst()
                        .applied())
                .isFalse();
        tick(61_000);
        assertThat(store.write(put("lock", value("theirs").setCondition(Condition.IF_ABSENT)))
                        .applied())
                .isTrue();
    }

    @Test
    void incrementKeepsTheDeadlineAndPutDropsIt() {
        putUntil(100, "n", "1");
        assertThat(store.write(increment("n", 1)).current().deadlineMillis()).isEqualTo(100);
        assertThat(dueKeys(100)).containsExactly("n");
        store.write(put("n", value("5").setKeepDeadline(true)));
        assertThat(dueKeys(100)).containsExactly("n");
        store.write(put("n", "5"));
        assertThat(dueKeys(1000)).isEmpty();
        putUntil(200, "n", "5");
        putUntil(300, "n", "5");
        assertThat(due(1000))
                .hasSize(1)
                .first()
                .satisfies(key -> assertThat(key.deadlineMillis()).isEqualTo(300));
        store.write(delete("n"));
        assertThat(dueKeys(1000)).isEmpty();
    }

    @Test
    void dueComesSoonestFirstAndBounded() {
        putUntil(300, "c", "");
        putUntil(100, "a", "");
        putUntil(200, "b", "");
        putUntil(400, "later", "");
        assertThat(dueKeys(300)).containsExactly("a", "b", "c");
        assertThat(dueKeys(99)).isEmpty();
        try (StoreView view = store.store.view()) {
            assertThat(view.due(0, 300, 2)).hasSize(2);
            assertThat(view.due(1, 300, 2)).isEmpty();
        }
    }

    @Test
    void expireDeletesWhatIsDue() {
        putUntil(100, "k", "v");
        putUntil(500, "later", "v");
        ApplyResult result = store.apply(Commands.expire(0, 100, due(100)));
        assertThat(((ApplyResult.Written) result).operations())
                .extracting(OperationResult::applied)
                .containsExactly(true);
        assertThat(dueKeys(1000)).containsExactly("later");
        assertThat(store.record(0).getClockMillis()).isEqualTo(100);
    }

    @Test
    void expireNeverDeletesANewerWriteNorAnEarlyOne() {
        putUntil(100, "rewritten", "old");
        putUntil(100, "extended", "v");
        putUntil(900, "early", "v");
        List<DueKey> all = due(1000);
        store.write(put("rewritten", "new"));
        putUntil(300, "extended", "v");
        ApplyResult result = store.apply(Commands.expire(0, 100, all));
        assertThat(((ApplyResult.Written) result).operations())
                .extracting(OperationResult::applied)
                .containsExactly(false, false, false);
        assertThat(store.value("rewritten")).isEqualTo("new");
        assertThat(store.value("extended")).isEqualTo("v");
        assertThat(store.value("early")).isEqualTo("v");
    }

    @Test
    void expireOfAShardThatIsNotOwnedDoesNothing() {
        putUntil(100, "k", "v");
        store.apply(Commands.freeze(0, 9));
        assertThat(store.apply(Commands.expire(0, 500, due(100)))).isInstanceOf(ApplyResult.NotOwned.class);
        assertThat(store.record(0).getClockMillis()).isZero();
        assertThat(dueKeys(100)).containsExactly("k");
    }

    @Test
    void aNegativeDeadlineIsRefused() {
        assertThat(store.apply(Commands.write(0, 0, put("k", value("v").setDeadlineMillis(-1)))))
                .isEqualTo(new ApplyResult.Rejected("a deadline can't be negative"));
    }
}
