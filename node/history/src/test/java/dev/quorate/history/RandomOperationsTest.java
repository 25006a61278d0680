package dev.quorate.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RandomOperationsTest {
    private static final int MANY = 1_000;

    private final RandomOperations operations = client(7);

    private static RandomOperations client(long seed) {
        return new RandomOperations("c", List.of("register"), List.of("counter"), new Random(seed));
    }

    @Test
    void aSeedGivesTheSameOperations() {
        RandomOperations again = client(7);
        assertThat(Stream.generate(operations::next).limit(MANY))
                .containsExactlyElementsOf(
                        Stream.generate(again::next).limit(MANY).toList());
    }

    @Test
    void aCompareAndSetExpectsTheVersionThatWasSeenLast() {
        assertThat(nextSwap().expectedVersion()).isZero();
        operations.answered(new Operation.Get("register"), new Result.Read("value", 5));
        assertThat(nextSwap().expectedVersion()).isEqualTo(5);
        operations.answered(new Operation.Delete("register"), new Result.Deleted(true));
        assertThat(nextSwap().expectedVersion()).isZero();
    }

    private Operation.CompareAndSet nextSwap() {
        return Stream.generate(operations::next)
                .limit(MANY)
                .filter(Operation.CompareAndSet.class::isInstance)
                .map(Operation.CompareAndSet.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void noValueIsWrittenTwice() {
        Set<String> values = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            switch (operations.next()) {
                case Operation.Put put -> assertThat(values.add(put.value())).isTrue();
                case Operation.CompareAndSet swap ->
                    assertThat(values.add(swap.value())).isTrue();
                default -> {}
            }
        }
        assertThat(values).isNotEmpty();
    }
}
