package dev.quorate.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LogTailTest {
    private static final int ENTRY_BYTES = entry(1).sizeBytes();

    @Test
    void aSliceFitsItsBytesButHasOneEntryAtLeast() {
        LogTail tail = new LogTail(5);
        for (long index = 5; index < 10; index++) {
            tail.append(entry(index));
        }
        assertThat(tail.slice(6, 10, 3 * ENTRY_BYTES - 1))
                .extracting(Entry::index)
                .containsExactly(6L, 7L);
        assertThat(tail.slice(6, 10, 1)).extracting(Entry::index).containsExactly(6L);
        assertThat(tail.slice(6, 8, Integer.MAX_VALUE)).extracting(Entry::index).containsExactly(6L, 7L);
    }

    @Test
    void whatIsNotDurableIsNeverForgotten() {
        LogTail tail = new LogTail(1);
        for (long index = 1; index <= 10; index++) {
            tail.append(entry(index));
        }
        tail.trim(4, 2 * ENTRY_BYTES);
        assertThat(tail.firstIndex()).isEqualTo(5);
        tail.trim(10, 2 * ENTRY_BYTES);
        assertThat(tail.firstIndex()).isEqualTo(9);
    }

    @Test
    void slicesStayAsTheyWere() {
        LogTail tail = new LogTail(1);
        tail.append(entry(1));
        tail.append(entry(2));
        List<Entry> slice = tail.slice(1, 3, Integer.MAX_VALUE);
        tail.truncateFrom(2);
        tail.append(new Entry(2, 9, Entry.Type.COMMAND, new byte[0]));
        assertThat(slice).extracting(Entry::term).containsExactly(1L, 1L);
    }

    /** 0 to 3 cut that many entries, 4 to 6 forget some, others append. */
    @Property
    void itIsAListWhoseFirstEntriesGo(@ForAll List<@IntRange(min = 0, max = 40) Integer> steps) {
        LogTail tail = new LogTail(1);
        List<Entry> model = new ArrayList<>();
        long firstIndex = 1;
        for (int step : steps) {
            if (step < 4) {
                int kept = Math.max(0, model.size() - step);
                model.subList(kept, model.size()).clear();
                tail.truncateFrom(firstIndex + kept);
            } else if (step < 7) {
                tail.trim(Long.MAX_VALUE, (long) step * ENTRY_BYTES);
                while (model.size() > step) {
                    model.removeFirst();
                    firstIndex++;
                }
            } else {
                for (int i = 0; i < step; i++) {
                    Entry entry = entry(firstIndex + model.size());
                    tail.append(entry);
                    model.add(entry);
                }
            }
            assertThat(tail.firstIndex()).isEqualTo(firstIndex);
            if (!model.isEmpty()) {
                assertThat(tail.slice(firstIndex, firstIndex + model.size(), Integer.MAX_VALUE))
                        .isEqualTo(model);
                assertThat(tail.get(firstIndex + model.size() - 1)).isEqualTo(model.getLast());
            }
        }
    }

    private static Entry entry(long index) {
        return new Entry(index, 1, Entry.Type.COMMAND, new byte[0]);
    }
}
