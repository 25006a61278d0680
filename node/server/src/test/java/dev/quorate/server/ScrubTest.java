package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.ChangeMembersRequest.Promotion;
import dev.quorate.api.CompareReplicasResponse;
import dev.quorate.api.Member;
import dev.quorate.server.data.RequestException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

/** One byte of one value differs in one replica. */
class ScrubTest {
    private static final byte DATA = 2;

    @TempDir
    Path directory;

    private TestGroup group;

    private TestCluster start(int size) throws Exception {
        TestCluster cluster = TestCluster.start(directory, 1, size);
        group = cluster.groups.getFirst();
        for (int i = 0; i < 20; i++) {
            cluster.client().put(0, "key-" + i, "value-" + i);
        }
        assertThat(compare().getEqual()).isTrue();
        return cluster;
    }

    @Test
    void theReplicaThatDiffersIsRemovedAndRebuiltFromTheOthers() throws Exception {
        try (TestCluster cluster = start(3)) {
            int odd = (group.awaitLeader() + 1) % 3;
            Member former = corrupt(odd);

            CompareReplicasResponse found = compare();
            assertThat(found.getEqual()).isFalse();
            assertThat(found.getWords()).contains(former.getName() + " differs from all others");
            awaitRebuilt(odd, former);

            // Its word counts again, and it is the right one.
            group.leader()
                    .admin()
                    .transferLeadership(group.nodes.get(odd).member().getId());
            assertThat(group.awaitLeader()).isEqualTo(odd);
            for (int i = 0; i < 20; i++) {
                assertThat(cluster.client().get(0, "key-" + i)).isEqualTo("value-" + i);
            }
        }
    }

    @Test
    void aLeaderThatDiffersHandsOverAndIsRemovedByTheNextOne() throws Exception {
        try (TestCluster _ = start(3)) {
            int odd = group.awaitLeader();
            Member former = corrupt(odd);
            TestGroup.await("the leadership of " + former.getName(), () -> {
                try {
                    group.leader().admin().transferLeadership(former.getId());
                    return group.awaitLeader() == odd;
                } catch (RequestException e) {
                    return false;
                }
            });
            assertThat(compare().getEqual()).isFalse();
            awaitRebuilt(odd, former);
        }
    }

    @Test
    void oneAgainstOneIsOnlyReported() throws Exception {
        try (TestCluster _ = start(2)) {
            corrupt((group.awaitLeader() + 1) % 2);
            assertThat(compare().getWords()).contains("no majority agrees");
            int leader = group.awaitLeader();
            assertThat(group.leader().describe().getDifferencesList())
                    .singleElement()
                    .asString()
                    .contains("shard 0");
            assertThat(group.gauge(leader, "quorate.replicas.differing")).isEqualTo(1);
            assertThat(group.leader().describe().getMembersCount()).isEqualTo(2);
        }
    }

    @Test
    void theOnlyReplicaOfAGroupIsRead() throws Exception {
        try (TestCluster _ = start(1)) {
            CompareReplicasResponse alone = compare();
            assertThat(alone.getEqual()).as(alone.getWords()).isTrue();
            assertThat(alone.getAnswers()).isEqualTo(1);
            assertThat(alone.getWords()).contains("there is one replica");
        }
    }

    /** At the leader, with all replicas' digests; again while one of them is not up to it. */
    private CompareReplicasResponse compare() {
        CompareReplicasResponse[] response = new CompareReplicasResponse[1];
        TestGroup.await("all digests", () -> {
            try {
                Node leader = group.leader();
                response[0] = leader.admin().compareReplicas(0);
                return response[0].getAnswers() == leader.describe().getMembersCount() || !response[0].getEqual();
            } catch (RequestException e) {
                return false;
            }
        });
        return response[0];
    }

    /** Flips the last byte of the last key's value on the disk of a node, which is down meanwhile. */
    private Member corrupt(int index) throws Exception {
        Member member = group.nodes.get(index).member();
        group.stop(index);
        Path store = group.configs.get(index).dataDirectory().resolve("store").resolve("current");
        try (Options options = new Options();
                RocksDB rocks = RocksDB.open(options, store.toString());
                RocksIterator rows = rocks.newIterator()) {
            rows.seekForPrev(new byte[] {DATA + 1});
            assertThat(rows.key()[0]).isEqualTo(DATA);
            byte[] value = rows.value();
            value[value.length - 1] ^= 1;
            rocks.put(rows.key(), value);
        }
        group.restart(index);
        group.awaitLeader();
        return member;
    }

    /** Its node stopped, came back as a new member, was added again, and is equal to the others. */
    private void awaitRebuilt(int index, Member former) throws Exception {
        TestGroup.await(
                "the quarantine of " + former.getName(),
                () -> group.fatal.removeIf(reason -> reason.contains(former.getId() + " was removed from group")));
        group.stop(index);
        group.restart(index);
        Member fresh = group.nodes.get(index).member();
        assertThat(fresh.getId()).isNotEqualTo(former.getId());
        change(ChangeMembersRequest.newBuilder().setAdd(fresh));
        change(ChangeMembersRequest.newBuilder()
                .setPromote(Promotion.newBuilder().setId(fresh.getId())));
        CompareReplicasResponse again = compare();
        assertThat(again.getEqual()).as(again.getWords()).isTrue();
        assertThat(again.getAnswers()).isEqualTo(3);
        assertThat(group.leader().describe().getDifferencesList()).isEmpty();
    }

    private void change(ChangeMembersRequest.Builder request) {
        TestGroup.await("a change of members", () -> {
            try {
                group.leader().admin().changeMembers(request.build());
                return true;
            } catch (RequestException e) {
                return false;
            }
        });
    }
}
