package dev.quorate.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class InflightWindowTest {
    private record Batch(long lastIndex, long sizeBytes) {}

    @Test
    void theBatchThatCrossesTheByteBoundIsLetIn() {
        InflightWindow window = new InflightWindow(10, 100);
        window.add(1, 99);
        assertThat(window.isFull()).isFalse();
        window.add(2, 500);
        assertThat(window.isFull()).isTrue();
        assertThatThrownBy(() -> window.add(3, 1)).isInstanceOf(InvariantViolation.class);
    }

    /** Positive numbers add a batch of that size, others free that many. */
    @Property
    void itCountsLikeAQueue(@ForAll List<@IntRange(min = -5, max = 40) Integer> steps) {
        InflightWindow window = new InflightWindow(20, 400);
        Deque<Batch> model = new ArrayDeque<>();
        long index = 0;
        for (int step : steps) {
            if (step > 0 && !window.isFull()) {
                index += 2;
                window.add(index, step);
                model.add(new Batch(index, step));
            } else if (step <= 0) {
                long freed = (model.isEmpty() ? index : model.element().lastIndex()) - 2L * step;
                window.freeTo(freed);
                model.removeIf(batch -> batch.lastIndex() <= freed);
            }
            long bytes = model.stream().mapToLong(Batch::sizeBytes).sum();
            assertThat(window.isEmpty()).isEqualTo(model.isEmpty());
            assertThat(window.isFull()).isEqualTo(model.size() == 20 || bytes >= 400);
        }
    }
}
