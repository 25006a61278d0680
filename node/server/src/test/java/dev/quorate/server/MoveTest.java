package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards between two groups of real nodes. */
class MoveTest {
    private static final int SHARDS = 4;

    @TempDir
    Path directory;

    @Test
    void aShardMovesWithItsDataUnderAWriterAndNothingFailsOrDoubles() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, SHARDS, 3, 3)) {
            TestClient client = cluster.client();
            for (int i = 0; i < 200; i++) {
                client.put(i % SHARDS, "key" + i, "value" + i);
            }
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            long[] counted = new long[1];
            Thread writer = Thread.ofVirtual().start(() -> {
                TestClient own = cluster.client();
                try {
                    while (!stop.get()) {
                        assertThat(own.increment(0, "counter")).isEqualTo(++counted[0]);
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            for (int shard = 0; shard < SHARDS; shard++) {
                cluster.startMove(shard, 1, 2);
            }
            cluster.awaitMovesDone();
            cluster.startMove(0, 2, 1);
            cluster.awaitMovesDone();
            stop.set(true);
            writer.join();
            assertThat(failure.get()).isNull();
            assertThat(counted[0]).isPositive();
            assertThat(client.get(0, "counter")).isEqualTo(Long.toString(counted[0]));
            for (int i = 0; i < 200; i++) {
                assertThat(client.get(i % SHARDS, "key" + i)).isEqualTo("value" + i);
            }
            assertThat(cluster.map().getOwnerList()).containsExactly(1, 2, 2, 2);
        }
    }
}
