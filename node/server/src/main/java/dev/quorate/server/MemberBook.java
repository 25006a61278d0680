package dev.quorate.server;

import dev.quorate.api.Member;
import dev.quorate.store.Store;
import dev.quorate.store.proto.GroupMembers;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Where the members of this group are: as the group has agreed, and for a member that joined and does not have that yet, as it was told then. For any
 * thread.
 */
final class MemberBook {
    private final Store store;
    private final List<Member> contacts;
    private volatile Map<UUID, Member> members = Map.of();
    private volatile Set<String> removed = Set.of();

    /** @param contacts who the members were when this one joined; empty for a first member */
    MemberBook(Store store, List<Member> contacts) {
        this.store = store;
        this.contacts = contacts;
        refresh();
    }

    /** Takes over what the store has now. */
    void refresh() {
        GroupMembers agreed = store.members();
        removed = Set.copyOf(agreed.getRemovedIdsList());
        Map<UUID, Member> known = new LinkedHashMap<>();
        contacts.stream()
                .filter(contact -> !isRemoved(contact.getId()))
                .forEach(contact -> known.put(UUID.fromString(contact.getId()), contact));
        agreed.getMembersList().forEach(member -> known.put(UUID.fromString(member.getId()), member));
        members = Map.copyOf(known);
    }

    /** Null when unknown. */
    Member find(UUID id) {
        return members.get(id);
    }

    Collection<Member> all() {
        return members.values();
    }

    boolean isRemoved(String memberId) {
        return removed.contains(memberId);
    }

    /** For people. */
    String name(UUID id) {
        Member member = id == null ? null : find(id);
        return member == null ? "unknown" : member.getName();
    }
}
