package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.ChangeMembersRequest.Promotion;
import dev.quorate.api.ChangeMembersRequest.Voters;
import dev.quorate.api.ChangeMembersResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.history.Outcome;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.snapshot.Directories;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members come, go and are replaced, while clients read and write. */
class MembershipTest {
    private static final int SHARDS = 2;

    @TempDir
    Path directory;

    private TestCluster cluster;
    private TestGroup group;

    private TestCluster start(int size) throws Exception {
        return start(size, NodeConfig.Limits.defaults());
    }

    private TestCluster start(int size, NodeConfig.Limits limits) throws Exception {
        cluster = TestCluster.start(directory, SHARDS, limits, size);
        group = cluster.groups.getFirst();
        return cluster;
    }

    @Test
    void aGroupGrowsAndShrinksAndGrowsAgainOnTheSameDisksWhileItServes() throws Exception {
        try (TestCluster _ = start(1)) {
            RecordedClients clients = new RecordedClients("MembershipTest", SHARDS);
            clients.start("client-1", RecordedStore.over(cluster.client(), SHARDS));
            clients.start("client-2", RecordedStore.over(cluster.client(), SHARDS));
            for (int i = 0; i < 4; i++) {
                join(group.addNode());
            }
            assertVoters(0, 1, 2, 3, 4);
            String formerId = group.nodes.get(4).member().getId();
            remove(3);
            remove(4);
            assertVoters(0, 1, 2);

            group.restart(3);
            group.restart(4);
            assertThat(group.nodes.get(4).member().getId()).isNotEqualTo(formerId);
            join(3);
            join(4);
            assertVoters(0, 1, 2, 3, 4);
            clients.verify(RecordedStore.over(cluster.client(), SHARDS), Outcome.OK);
        }
    }

    /** Nothing is applied before there is a leader, so only the log knows where those are that came after the first. */
    @Test
    void membersThatCameLaterFindEachOtherWhenAllStartAnew() throws Exception {
        try (TestCluster _ = start(1)) {
            join(group.addNode());
            join(group.addNode());
            assertVoters(0, 1, 2);
            group.awaitLeader();
            for (int i = 0; i < 3; i++) {
                group.stop(i);
            }
            for (int i = 0; i < 3; i++) {
                group.restart(i);
            }
            assertVoters(0, 1, 2);
        }
    }

    @Test
    void severalMembersGetTheirVotesAndGiveThemUpInOneStep() throws Exception {
        try (TestCluster _ = start(1)) {
            RecordedClients clients = new RecordedClients("MembershipTest", SHARDS);
            clients.start("client-1", RecordedStore.over(cluster.client(), SHARDS));
            for (int i = 0; i < 4; i++) {
                change(add(group.nodes.get(group.addNode()).member()));
            }
            change(voters(0, 1, 2, 3, 4).addAllFromIds(ids(0)));
            assertVoters(0, 1, 2, 3, 4);
            assertThat(change(voters(0, 1, 2, 3, 4).addAllFromIds(ids(0))).getAlready())
                    .isTrue();
            assertRefused(
                    group.awaitLeader(),
                    request(voters(0, 1, 2).addAllFromIds(ids(0))),
                    Error.Code.INVALID,
                    "the voters are others by now");
            assertRefused(
                    group.awaitLeader(),
                    request(Voters.newBuilder()
                            .addAllIds(List.of(UUID.randomUUID().toString()))
                            .addAllFromIds(ids(0, 1, 2, 3, 4))),
                    Error.Code.INVALID,
                    "not in this group");

            Member third = group.nodes.get(3).member();
            Member fourth = group.nodes.get(4).member();
            change(voters(0, 1, 2).addAllFromIds(ids(0, 1, 2, 3, 4)));
            awaitRemoved(3, third);
            awaitRemoved(4, fourth);
            assertVoters(0, 1, 2);
            clients.verify(RecordedStore.over(cluster.client(), SHARDS), Outcome.OK);
        }
    }

    private Voters.Builder voters(int... indexes) {
        return Voters.newBuilder().addAllIds(ids(indexes));
    }

    private List<String> ids(int... indexes) {
        return java.util.Arrays.stream(indexes)
                .mapToObj(index -> group.nodes.get(index).member().getId())
                .toList();
    }

    private static ChangeMembersRequest.Builder request(Voters.Builder voters) {
        return ChangeMembersRequest.newBuilder().setSetVoters(voters);
    }

    private ChangeMembersResponse change(Voters.Builder voters) {
        return change(request(voters));
    }

    @Test
    void aMemberWhoseDiskIsLostIsReplacedByTheEmptyOneThatComesBack() throws Exception {
        // So small a log that the new member needs a snapshot.
        try (TestCluster _ =
                start(3, new NodeConfig.Limits(64 << 10, 16 << 10, 1_000, 8 << 20, 4, 1 << 20, 64 << 20, 64 << 20))) {
            RecordedClients clients = new RecordedClients("MembershipTest", SHARDS);
            clients.start("client-1", RecordedStore.over(cluster.client(), SHARDS));
            fillLog();
            int victim = (group.awaitLeader() + 1) % 3;
            Member lost = group.nodes.get(victim).member();
            group.stop(victim);
            Directories.delete(group.configs.get(victim).dataDirectory());
            group.restart(victim);
            Member fresh = group.nodes.get(victim).member();
            assertThat(fresh.getName()).isEqualTo(lost.getName());
            assertThat(fresh.getId()).isNotEqualTo(lost.getId());

            change(add(fresh));
            change(ChangeMembersRequest.newBuilder()
                    .setPromote(Promotion.newBuilder().setId(fresh.getId()).setReplacesId(lost.getId())));
            assertVoters(0, 1, 2);
            assertThat(change(remove(lost)).getAlready()).isTrue();

            // The new member counts: with it, one of the others may stop.
            group.stop((victim + 1) % 3);
            clients.verify(RecordedStore.over(cluster.client(), SHARDS), Outcome.OK, Outcome.UNKNOWN);
        }
    }

    private void fillLog() {
        TestClient client = cluster.client();
        String value = "x".repeat(4 << 10);
        long before = group.leader().describe().getLastIndex();
        for (int i = 0; i < 200; i++) {
            client.put(0, "filler-" + i % 8, value);
        }
        assertThat(group.leader().describe().getLastIndex()).isGreaterThan(before);
        TestGroup.await("compaction", () -> group.gauge(group.awaitLeader(), "quorate.log.first.index") > before);
    }

    @Test
    void aLeaderThatIsRemovedLeavesTheGroupToOthers() throws Exception {
        try (TestCluster _ = start(3)) {
            RecordedClients clients = new RecordedClients("MembershipTest", SHARDS);
            clients.start("client-1", RecordedStore.over(cluster.client(), SHARDS));
            int leader = group.awaitLeader();
            remove(leader);
            assertThat(group.awaitLeader()).isNotEqualTo(leader);
            assertVoters((leader + 1) % 3, (leader + 2) % 3);
            clients.verify(RecordedStore.over(cluster.client(), SHARDS), Outcome.OK, Outcome.UNKNOWN);
        }
    }

    @Test
    void whoWasRemovedWhileAwayIsToldSoAndComesBackAsAnother() throws Exception {
        try (TestCluster _ = start(3)) {
            int away = (group.awaitLeader() + 1) % 3;
            Member former = group.nodes.get(away).member();
            group.stop(away);
            change(remove(former));
            assertThatThrownBy(() ->
                            group.leader().admin().changeMembers(add(former).build()))
                    .asInstanceOf(type(RequestException.class))
                    .satisfies(e -> {
                        assertThat(e.error().getCode()).isEqualTo(Error.Code.REMOVED);
                        assertThat(e.error().getEffect()).isEqualTo(Effect.NOT_APPLIED);
                    });

            group.restart(away);
            awaitRemoved(away, former);
            group.restart(away);
            Member fresh = group.nodes.get(away).member();
            assertThat(fresh.getId()).isNotEqualTo(former.getId());
            join(away);
            assertVoters(0, 1, 2);
        }
    }

    @Test
    void aWipedMemberHasNoVoteUnderItsOldName() throws Exception {
        try (TestCluster _ = start(3)) {
            int leader = group.awaitLeader();
            int wiped = (leader + 1) % 3;
            int other = (leader + 2) % 3;
            group.stop(leader);
            group.stop(wiped);
            Directories.delete(group.configs.get(wiped).dataDirectory());
            group.restart(wiped);
            long term = group.nodes.get(other).describe().getTerm();
            // It campaigns for several election timeouts, and gets no vote.
            TestGroup.await(
                    "a campaign",
                    () -> group.nodes.get(other).describe().getRole().endsWith("CANDIDATE"));
            Thread.sleep(1_000);
            assertThat(group.nodes.get(other).describe().getTerm()).isEqualTo(term);
            assertThat(group.nodes.get(other).describe().getLeaderId()).isEmpty();
            assertThat(group.nodes.get(wiped).describe().getBootstrapped()).isFalse();

            group.restart(leader);
            assertThat(group.awaitLeader()).isNotEqualTo(wiped);
        }
    }

    @Test
    void whatWouldHurtTheGroupIsRefusedInWords() throws Exception {
        try (TestCluster _ = start(3)) {
            int leader = group.awaitLeader();
            Member self = group.nodes.get(leader).member();
            assertRefused(leader, add(self.toBuilder().setId("x").build()), Error.Code.INVALID, "must be the UUID");
            assertRefused(leader, promote(UUID.randomUUID().toString()), Error.Code.INVALID, "add it as a learner");
            assertRefused(leader, ChangeMembersRequest.newBuilder(), Error.Code.INVALID, "names no change");
            assertRefused(
                    leader,
                    add(self.toBuilder().setId(UUID.randomUUID().toString()).build()),
                    Error.Code.INVALID,
                    "is not here");
            assertThat(change(add(self)).getAlready()).isTrue();

            int silent = (leader + 1) % 3;
            int other = (leader + 2) % 3;
            group.stop(silent);
            assertRefused(leader, remove(group.nodes.get(other).member()), Error.Code.NOT_READY, "without a majority");
            int follower = other;
            assertThatThrownBy(() -> group.nodes
                            .get(follower)
                            .admin()
                            .changeMembers(add(self).build()))
                    .asInstanceOf(type(RequestException.class))
                    .satisfies(e -> {
                        assertThat(e.error().getCode()).isEqualTo(Error.Code.NOT_LEADER);
                        assertThat(e.error().getLeader()).isEqualTo(self);
                    });
        }
    }

    private void assertRefused(int node, ChangeMembersRequest.Builder request, Error.Code code, String words) {
        assertThatThrownBy(() -> group.nodes.get(node).admin().changeMembers(request.build()))
                .asInstanceOf(type(RequestException.class))
                .satisfies(e -> {
                    assertThat(e.error().getEffect()).isEqualTo(Effect.NOT_APPLIED);
                    assertThat(e.error().getCode()).isEqualTo(code);
                    assertThat(e.getMessage()).contains(words);
                });
    }

    private static ChangeMembersRequest.Builder add(Member member) {
        return ChangeMembersRequest.newBuilder().setAdd(member);
    }

    private static ChangeMembersRequest.Builder promote(String id) {
        return ChangeMembersRequest.newBuilder()
                .setPromote(Promotion.newBuilder().setId(id));
    }

    private static ChangeMembersRequest.Builder remove(Member member) {
        return ChangeMembersRequest.newBuilder().setRemove(member.getId());
    }

    private void join(int index) {
        Member member = group.nodes.get(index).member();
        change(add(member));
        change(promote(member.getId()));
    }

    private void remove(int index) {
        Member member = group.nodes.get(index).member();
        change(remove(member));
        awaitRemoved(index, member);
    }

    /** It has stopped, and says why. */
    private void awaitRemoved(int index, Member member) {
        TestGroup.await(
                "the end of " + member.getName(),
                () -> group.fatal.removeIf(reason -> reason.contains(member.getId() + " was removed from group")));
        group.stop(index);
    }

    /** At the leader; again when nothing took effect or nobody knows: what is so already is accepted. */
    private ChangeMembersResponse change(ChangeMembersRequest.Builder request) {
        ChangeMembersResponse[] response = new ChangeMembersResponse[1];
        TestGroup.await("a change of members", () -> {
            try {
                response[0] = group.leader().admin().changeMembers(request.build());
                return true;
            } catch (RequestException e) {
                assertThat(e.error().getCode())
                        .as(e.getMessage())
                        .isNotIn(Error.Code.INVALID, Error.Code.REMOVED, Error.Code.INTERNAL);
                return false;
            }
        });
        return response[0];
    }

    private void assertVoters(int... indexes) {
        List<String> ids = ids(indexes);
        TestGroup.await(
                "all members to know",
                () -> ids.stream()
                        .allMatch(id -> group.live().stream()
                                .filter(node -> node.member().getId().equals(id))
                                .map(Node::describe)
                                .allMatch(said -> said.getReady()
                                        && said.getLearnerIdsCount() == 0
                                        && !said.getChangingMembers()
                                        && idsOf(said).containsAll(ids)
                                        && idsOf(said).size() == ids.size())));
    }

    private static List<String> idsOf(NodeDescription said) {
        return said.getMembersList().stream().map(Member::getId).toList();
    }
}
