package dev.quorate.store;

import dev.quorate.api.Member;
import dev.quorate.raft.Membership;
import dev.quorate.store.proto.GroupMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.UUID;

/** How the record of a group's members follows from commands and changes of membership: the same on every member. */
final class MemberChanges {
    /** Removed members that are remembered: more than could still be on their way back. */
    static final int REMOVED_MAX = 256;

    private MemberChanges() {}

    /** With the member at its place, or as it was when the member is removed. */
    static GroupMembers put(GroupMembers members, Member member) {
        if (members.getRemovedIdsList().contains(member.getId())
                || members.getMembersList().contains(member)) {
            return members;
        }
        List<Member> others = new ArrayList<>(members.getMembersList());
        others.removeIf(other -> other.getId().equals(member.getId()));
        return members.toBuilder()
                .clearMembers()
                .addAllMembers(others)
                .addMembers(member)
                .build();
    }

    /** Who was a member before and is none any more is removed, for good. */
    static GroupMembers change(GroupMembers members, Membership before, Membership after) {
        SortedSet<UUID> left = before.members();
        left.removeAll(after.members());
        if (left.isEmpty()) {
            return members;
        }
        List<String> leftIds = left.stream().map(UUID::toString).toList();
        List<String> removed = new ArrayList<>(members.getRemovedIdsList());
        removed.addAll(leftIds);
        return GroupMembers.newBuilder()
                .addAllMembers(members.getMembersList().stream()
                        .filter(member -> !leftIds.contains(member.getId()))
                        .toList())
                .addAllRemovedIds(removed.subList(Math.max(0, removed.size() - REMOVED_MAX), removed.size()))
                .build();
    }
}
