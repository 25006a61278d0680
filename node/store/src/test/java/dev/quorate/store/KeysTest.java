package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class KeysTest {
    @Property(tries = 300)
    void aRangeHoldsItsIncarnationAlone(
            @ForAll @IntRange(max = 16383) int shard,
            @ForAll @LongRange(min = 0) long incarnation,
            @ForAll @IntRange(max = 16383) int otherShard,
            @ForAll @LongRange(min = 0) long otherIncarnation,
            @ForAll byte[] key) {
        KeyRange range = Keys.data(shard, incarnation);
        assertThat(holds(range, Keys.data(shard, incarnation, key))).isTrue();
        assertThat(holds(range, Keys.data(otherShard, otherIncarnation, key)))
                .isEqualTo(shard == otherShard && incarnation == otherIncarnation);
    }

    @Property(tries = 300)
    void aPrefixRangeHoldsWhatStartsWithIt(
            @ForAll @Size(max = 3) byte[] prefix,
            @ForAll @Size(max = 5) byte[] key,
            @ForAll @LongRange(min = 0) long incarnation) {
        KeyRange range = Keys.data(7, incarnation).startingWith(Keys.data(7, incarnation, prefix));
        boolean starts = key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
        assertThat(holds(range, Keys.data(7, incarnation, key))).isEqualTo(starts);
    }

    @Property(tries = 300)
    void aDeadlineEntryGivesBackWhatItWasMadeOf(
            @ForAll @LongRange(min = 1, max = Long.MAX_VALUE - 1) long deadlineMillis, @ForAll byte[] key) {
        byte[] dataKey = Keys.data(16383, 5, key);
        byte[] entry = Keys.deadline(dataKey, deadlineMillis);
        assertThat(Keys.keyOfDeadline(entry)).isEqualTo(key).isEqualTo(Keys.userKey(dataKey));
        assertThat(Keys.deadlineOf(entry)).isEqualTo(deadlineMillis);
        assertThat(Keys.shardOf(dataKey)).isEqualTo(16383);
        assertThat(Keys.incarnationOf(dataKey)).isEqualTo(5);
        assertThat(holds(Keys.deadlinesUntil(16383, 5, deadlineMillis), entry)).isTrue();
        assertThat(holds(Keys.deadlinesUntil(16383, 5, deadlineMillis - 1), entry))
                .isFalse();
        assertThat(holds(Keys.deadlines(16383, 5), entry)).isTrue();
    }

    private static boolean holds(KeyRange range, byte[] key) {
        return Arrays.compareUnsigned(range.from(), key) <= 0 && Arrays.compareUnsigned(key, range.to()) < 0;
    }
}
