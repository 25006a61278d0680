package dev.quorate.store;

import dev.quorate.api.MapChangeResult;
import dev.quorate.store.proto.GroupMembers;
import java.util.List;

/** What became of one committed command. The same on every member. */
public sealed interface ApplyResult {
    /** The operations took effect, in order (those whose condition failed say so). */
    record Written(List<OperationResult> operations) implements ApplyResult {}

    /** The group does not own the shard (any more, or yet): nothing took effect. */
    record NotOwned(ShardView shard) implements ApplyResult {}

    /** An operation could not be done on the value there, say an increment of text: nothing of its command took effect. */
    record Rejected(String reason) implements ApplyResult {}

    /** A shard's state changed, or stayed when the command named another move ({@code changed} false). */
    record Shard(ShardView shard, boolean changed) implements ApplyResult {}

    /** The root group's answer to a change of the map. */
    record Map(MapChangeResult result) implements ApplyResult {}

    /** Where the members are now, and who is removed: after a change of either, or of the membership. */
    record Members(GroupMembers members) implements ApplyResult {}

    /**
     * The client's session of the shard is open.
     *
     * @param incarnation that its writes carry
     */
    record SessionOpened(long incarnation) implements ApplyResult {}

    /**
     * The write's session is not known (any more), or the write is outside its window. It was not done now; whether it was done before, when it
     * is one that was sent again, nobody can tell.
     */
    record SessionExpired(String reason) implements ApplyResult {}

    /** The write was not done: the session keeps as many bytes of results that the client did not acknowledge as it may. */
    record SessionFull() implements ApplyResult {}

    /** Sessions of the shard were looked at, and idle ones ended. */
    record SessionsEvicted(int count) implements ApplyResult {}

    /** A digest of the shard is being taken, as it is at this index: see {@link Store#scrub}. */
    record Scrubbing(int shard, long index) implements ApplyResult {}

    /** Empty entries. */
    record Nothing() implements ApplyResult {}
}
