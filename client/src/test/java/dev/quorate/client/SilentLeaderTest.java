package dev.quorate.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.GetResponse;
import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.ShardMap;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader whose process stands still keeps its connections and answers nothing; another one is elected. */
class SilentLeaderTest {
    private static final int SILENT = 0;
    private static final int NEXT = 1;

    private final List<FakeNode> nodes = new ArrayList<>();
    private volatile int leader = SILENT;

    private RouteResponse route() {
        Group.Builder group = Group.newBuilder().setId(1);
        nodes.forEach(node -> group.addMembers(node.member()));
        return RouteResponse.newBuilder()
                .setMap(ShardMap.newBuilder()
                        .setEpoch(1)
                        .setShardCount(1)
                        .addOwner(1)
                        .addGroups(group))
                .addLeaders(GroupLeader.newBuilder().setGroupId(1).setMemberId("m" + leader))
                .build();
    }

    /** Whoever is not silent answers as the leader would. */
    @BeforeEach
    void startNodes() throws IOException {
        for (int i = 0; i < 3; i++) {
            nodes.add(new FakeNode("m" + i, this::route, answer -> answer.setGet(GetResponse.getDefaultInstance())));
        }
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(FakeNode::close);
    }

    @Test
    void isAskedOnceByACallAndNotForTheMap() {
        List<Endpoint> seeds = nodes.stream().map(FakeNode::endpoint).toList();
        try (KvClient client = new KvClient(seeds, Duration.ofSeconds(30))) {
            byte[] key = "key".getBytes(UTF_8);
            assertThat(client.get(key)).isEmpty();
            FakeNode old = nodes.get(SILENT);
            assertThat(old.requests).hasValue(1);
            int routes = old.routes.get();
            old.silent = true;
            leader = NEXT; // as those who are asked for the map say; in it the old one is second
            assertThat(client.get(key)).isEmpty();
            assertThat(old.requests).as("and once in vain").hasValue(2);
            assertThat(client.get(key)).isEmpty();
            assertThat(old.requests).as("not by later calls").hasValue(2);
            assertThat(old.routes).hasValue(routes);
            assertThat(nodes.get(NEXT).requests).hasValue(2);
        }
    }
}
