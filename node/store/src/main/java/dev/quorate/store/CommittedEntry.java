package dev.quorate.store;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.raft.Entry;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipCodec;
import dev.quorate.store.proto.Command;
import java.io.IOException;

/**
 * A log entry, decoded.
 *
 * @param command the default instance when it holds none
 * @param membership null unless the entry changes it
 */
record CommittedEntry(long index, long term, Command command, Membership membership) {
    /** An entry that this version does not understand stops the member: to skip it would make this replica differ from the others. */
    static CommittedEntry decode(Entry entry) {
        return switch (entry.type()) {
            case EMPTY -> new CommittedEntry(entry.index(), entry.term(), Command.getDefaultInstance(), null);
            case MEMBERSHIP ->
                new CommittedEntry(
                        entry.index(),
                        entry.term(),
                        Command.getDefaultInstance(),
                        MembershipCodec.decode(entry.data()));
            case COMMAND -> new CommittedEntry(entry.index(), entry.term(), command(entry), null);
        };
    }

    /** The command's bytes fields share the entry's array, which nobody changes. */
    private static Command command(Entry entry) {
        try {
            CodedInputStream input =
                    UnsafeByteOperations.unsafeWrap(entry.data()).newCodedInput();
            input.enableAliasing(true);
            Command command = Command.parseFrom(input);
            if (command.getCommandCase() != Command.CommandCase.COMMAND_NOT_SET) {
                return command;
            }
            throw StoreException.corrupt("entry " + entry.index()
                    + " holds a command that this version does not know: run at least the version that wrote it");
        } catch (IOException e) {
            throw StoreException.corrupt("entry " + entry.index() + " holds no command: " + e.getMessage());
        }
    }
}
