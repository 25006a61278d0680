package dev.quorate.server;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.quorate.api.Member;
import dev.quorate.raft.Entry;
import dev.quorate.raft.LogView;
import dev.quorate.store.Store;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.GroupMembers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Where the members of this group are: as the group has agreed; for a member that joined and does not have that yet, as it was told then; and as entries
 * of the log say that were not applied yet when this process started. For any thread.
 *
 * <p>Those entries count because a configuration does as soon as it is in the log: members that all start anew apply nothing before they have elected a
 * leader, and to elect one they must reach the members that the log's configuration names.
 */
final class MemberBook {
    private static final int READ_BYTES = 1 << 20;

    private final Store store;
    private final List<Member> contacts;
    private final List<Announced> announced;
    private volatile Map<UUID, Member> members = Map.of();
    private volatile Set<String> removed = Set.of();
    private volatile long generation;

    private record Announced(long index, Member member) {}

    /**
     * @param contacts who the members were when this one joined; empty for a first member
     * @param log as it is at the start
     */
    MemberBook(Store store, List<Member> contacts, LogView log) {
        this.store = store;
        this.contacts = contacts;
        this.announced = announced(log, store.applied().index() + 1);
        refresh();
    }

    private static List<Announced> announced(LogView log, long from) {
        List<Announced> announced = new ArrayList<>();
        long next = from;
        long end = log.lastIndex() + 1;
        while (next < end) {
            List<Entry> entries = log.entries(next, end, READ_BYTES);
            for (Entry entry : entries) {
                if (isPutMember(entry)) {
                    announced.add(new Announced(entry.index(), putMember(entry)));
                }
            }
            next = entries.getLast().index() + 1;
        }
        return announced;
    }

    /** By the first bytes: most entries are writes, and large. */
    private static boolean isPutMember(Entry entry) {
        try {
            return entry.type() == Entry.Type.COMMAND
                    && WireFormat.getTagFieldNumber(
                                    CodedInputStream.newInstance(entry.data()).readTag())
                            == Command.PUT_MEMBER_FIELD_NUMBER;
        } catch (IOException e) {
            throw new UncheckedIOException("entry " + entry + " is no command", e);
        }
    }

    private static Member putMember(Entry entry) {
        try {
            return Command.parseFrom(entry.data()).getPutMember().getMember();
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException("entry " + entry + " is no command", e);
        }
    }

    /** Takes over what the store has now. */
    void refresh() {
        GroupMembers agreed = store.members();
        removed = Set.copyOf(agreed.getRemovedIdsList());
        generation = agreed.getGeneration();
        Map<UUID, Member> known = new LinkedHashMap<>();
        contacts.stream()
                .filter(contact -> !isRemoved(contact.getId()))
                .forEach(contact -> known.put(UUID.fromString(contact.getId()), contact));
        agreed.getMembersList().forEach(member -> known.put(UUID.fromString(member.getId()), member));
        long appliedIndex = store.applied().index();
        announced.stream()
                .filter(entry -> entry.index() > appliedIndex
                        && !isRemoved(entry.member().getId()))
                .forEach(entry -> known.put(UUID.fromString(entry.member().getId()), entry.member()));
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

    /** Moves of ids up to this are void in the group. */
    long generation() {
        return generation;
    }

    /** For people. */
    String name(UUID id) {
        Member member = id == null ? null : find(id);
        return member == null ? "unknown" : member.getName();
    }
}
