package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Member;
import dev.quorate.raft.Membership;
import dev.quorate.store.proto.GroupMembers;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MemberChangesTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);
    private static final UUID C = new UUID(0, 3);

    @Test
    void aMemberIsPutOnceAndMayMove() {
        GroupMembers one = MemberChanges.put(GroupMembers.getDefaultInstance(), at(A, "old"));
        assertThat(MemberChanges.put(one, at(A, "old"))).isSameAs(one);
        assertThat(MemberChanges.put(one, at(A, "new")).getMembersList()).containsExactly(at(A, "new"));
    }

    @Test
    void whoLeavesTheMembershipIsRemovedForGood() {
        GroupMembers both =
                MemberChanges.put(MemberChanges.put(GroupMembers.getDefaultInstance(), at(A, "a")), at(B, "b"));
        GroupMembers left = MemberChanges.change(both, voters(A, B), voters(B));
        assertThat(left.getMembersList()).containsExactly(at(B, "b"));
        assertThat(left.getRemovedIdsList()).containsExactly(A.toString());
        assertThat(MemberChanges.put(left, at(A, "a"))).isSameAs(left);
    }

    @Test
    void aLearnerThatGetsAVoteAndAJointStepRemoveNobody() {
        GroupMembers members = MemberChanges.put(GroupMembers.getDefaultInstance(), at(A, "a"));
        Membership learner = new Membership(Set.of(A), Set.of(), Set.of(B));
        Membership joint = new Membership(Set.of(A, B), Set.of(A), Set.of());
        assertThat(MemberChanges.change(members, voters(A), learner)).isSameAs(members);
        assertThat(MemberChanges.change(members, learner, joint)).isSameAs(members);
        assertThat(MemberChanges.change(members, joint, voters(A, B))).isSameAs(members);
    }

    @Test
    void onlyTheLastRemovedAreRemembered() {
        GroupMembers members = GroupMembers.getDefaultInstance();
        for (int i = 0; i <= MemberChanges.REMOVED_MAX; i++) {
            members = MemberChanges.change(members, voters(C, new UUID(1, i)), voters(C));
        }
        assertThat(members.getRemovedIdsList())
                .hasSize(MemberChanges.REMOVED_MAX)
                .doesNotContain(new UUID(1, 0).toString())
                .endsWith(new UUID(1, MemberChanges.REMOVED_MAX).toString());
    }

    private static Membership voters(UUID... ids) {
        return Membership.ofVoters(Arrays.stream(ids).collect(Collectors.toSet()));
    }

    private static Member at(UUID id, String host) {
        return Member.newBuilder().setId(id.toString()).setHost(host).build();
    }
}
