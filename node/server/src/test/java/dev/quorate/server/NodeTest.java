package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One group of real nodes, without moves. */
class NodeTest {
    @TempDir
    Path directory;

    static void createMap(TestGroup root, int shards) {
        MapChangeResult result = root.leader()
                .changeMap(MapChange.newBuilder()
                        .setCreate(MapChange.CreateMap.newBuilder()
                                .setClusterId(TestGroup.CLUSTER)
                                .setShardCount(shards)
                                .setRoot(Group.newBuilder().setId(1).addAllMembers(root.members())))
                        .build());
        assertThat(result.getAccepted()).as(result.getRefusal()).isTrue();
    }

    @Test
    void oneMemberAloneServes() throws Exception {
        try (TestGroup group = TestGroup.start(directory, 1, 1, List.of())) {
            createMap(group, 4);
            TestClient client = new TestClient(group::live, Duration.ofSeconds(10));
            client.put(0, "greeting", "hello");
            assertThat(client.get(0, "greeting")).isEqualTo("hello");
            assertThat(client.get(1, "greeting")).isNull();
        }
    }

    @Test
    void threeMembersServeAndKeepWhatTheyAcknowledged() throws Exception {
        try (TestGroup group = TestGroup.start(directory, 1, 3, List.of())) {
            createMap(group, 4);
            TestClient client = new TestClient(group::live, Duration.ofSeconds(10));
            for (int i = 0; i < 100; i++) {
                client.put(i % 4, "key" + i, "value" + i);
            }
            group.stop(group.awaitLeader());
            for (int i = 0; i < 100; i++) {
                assertThat(client.get(i % 4, "key" + i)).isEqualTo("value" + i);
            }
        }
    }
}
