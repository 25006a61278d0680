package dev.quorate.raft.golden;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipCodec;
import dev.quorate.raft.Message;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** How members, entries and messages read in a trace. */
final class Words {
    private Words() {}

    static UUID id(char name) {
        return new UUID(0, name);
    }

    static Set<UUID> ids(String names) {
        return names.chars().mapToObj(name -> id((char) name)).collect(Collectors.toSet());
    }

    static String name(UUID id) {
        return id == null ? "nobody" : String.valueOf((char) id.getLeastSignificantBits());
    }

    static String of(Membership membership) {
        String text = names(membership.voters());
        if (membership.isJoint()) {
            text += " and " + names(membership.outgoing());
        }
        return membership.learners().isEmpty() ? text : text + " learners " + names(membership.learners());
    }

    static String names(Collection<UUID> ids) {
        return ids.stream().map(Words::name).sorted().collect(Collectors.joining("", "{", "}"));
    }

    static String of(Entry entry) {
        String data = switch (entry.type()) {
            case EMPTY -> "";
            case COMMAND -> entry.data().length == 0 ? "" : " " + new String(entry.data(), StandardCharsets.UTF_8);
            case MEMBERSHIP -> " " + of(MembershipCodec.decode(entry.data()));
        };
        return entry.index() + "/" + entry.term() + data;
    }

    static String of(List<Entry> entries) {
        return entries.stream().map(Words::of).collect(Collectors.joining(", ", "[", "]"));
    }

    static String type(Message message) {
        return message.getClass().getSimpleName();
    }

    /** All but its sender. */
    static String of(Message message) {
        String content = switch (message) {
            case Message.RequestVote m ->
                "last " + m.lastLogIndex() + "/" + m.lastLogTerm() + (m.preVote() ? " pre-vote" : "")
                        + (m.transfer() ? " transfer" : "");
            case Message.VoteResponse m -> (m.granted() ? "granted" : "refused") + (m.preVote() ? " pre-vote" : "");
            case Message.AppendEntries m ->
                "prev " + m.prevLogIndex() + "/" + m.prevLogTerm() + " " + of(m.entries()) + " commit "
                        + m.leaderCommit() + context(m.readContext());
            case Message.AppendResponse m ->
                (m.success()
                                ? "matches " + m.index()
                                : "refused " + m.index() + ", try " + m.hintIndex() + "/" + m.hintTerm())
                        + context(m.readContext());
            case Message.InstallSnapshot m ->
                "at " + m.snapshot().index() + "/" + m.snapshot().term() + " of "
                        + of(m.snapshot().membership());
            case Message.ReadIndexRequest m -> readId(m.readId());
            case Message.ReadIndexResponse m -> readId(m.readId()) + (m.granted() ? " at " + m.index() : " refused");
            case Message.TimeoutNow _ -> "";
        };
        return (name(message.to()) + " " + type(message) + " t" + message.term() + " " + content).strip();
    }

    /** The term of the leader that gave it, and its number in that term. */
    private static String context(long readContext) {
        return readContext == 0 ? "" : " read " + (readContext >>> 32) + "." + (int) readContext;
    }

    /** The life of the member that gave it, and its number in that life; see {@link TraceMember}. */
    private static String readId(long id) {
        long life = id >>> 31;
        return "#" + life + "." + ((id & Integer.MAX_VALUE) - life);
    }
}
