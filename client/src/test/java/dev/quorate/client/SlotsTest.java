package dev.quorate.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsTest {
    @Test
    void crcIsXmodem() {
        byte[] check = "123456789".getBytes(UTF_8);

        assertThat(Slots.crc16(check, 0, check.length)).isEqualTo(0x31c3);
    }

    /** Answers of a Redis server's CLUSTER KEYSLOT. */
    @ParameterizedTest
    @CsvSource({
        "foo, 12182",
        "bar, 5061",
        "hello, 866",
        "greeting, 12714",
        "{user1000}.following, 3443",
        "{user1000}.followers, 3443",
        "user1000, 3443",
        "foo{}{bar}, 8363",
        "foo{{bar}}zap, 4015",
        "{bar, 4015",
        "foo{bar}{zap}, 5061",
        "'', 0",
    })
    void slotsAreThoseOfRedis(String key, int slot) {
        assertThat(Slots.slotOf(key.getBytes(UTF_8))).isEqualTo(slot);
    }

    @Test
    void shardsAreContiguousRunsOfSlots() {
        for (int shardCount = 1; shardCount <= Slots.COUNT; shardCount *= 2) {
            for (int slot = 0; slot < Slots.COUNT; slot++) {
                int shard = Slots.shardOfSlot(slot, shardCount);
                assertThat(slot)
                        .isBetween(Slots.firstSlot(shard, shardCount), Slots.firstSlot(shard + 1, shardCount) - 1);
            }
            assertThat(Slots.firstSlot(shardCount, shardCount)).isEqualTo(Slots.COUNT);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "3", "32768"})
    void refusesShardCountsThatAreNoPowerOfTwoInRange(int shardCount) {
        assertThatThrownBy(() -> Slots.shardOfSlot(0, shardCount)).isInstanceOf(IllegalArgumentException.class);
    }
}
