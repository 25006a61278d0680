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
 * @param write null unless it holds a write
 * @param command the default instance when it holds none, or a write
 * @param membership null unless the entry changes it
 */
record CommittedEntry(long index, long term, Write write, Command command, Membership membership) {
    /** An entry that this version does not understand stops the member: to skip it would make this replica differ from the others. */
    static CommittedEntry decode(Entry entry) {
        Command none = Command.getDefaultInstance();
        return switch (entry.type()) {
            case EMPTY -> new CommittedEntry(entry.index(), entry.term(), null, none, null);
            case MEMBERSHIP ->
                new CommittedEntry(entry.index(), entry.term(), null, none, MembershipCodec.decode(entry.data()));
            case COMMAND -> {
                Write write = write(entry);
                Command command = write == null ? command(entry) : none;
                yield new CommittedEntry(entry.index(), entry.term(), write, command, null);
            }
        };
    }

    private static Write write(Entry entry) {
        try {
            return Write.read(entry.data());
        } catch (IOException e) {
            throw noCommand(entry, e);
        }
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
            throw noCommand(entry, e);
        }
    }

    private static StoreException noCommand(Entry entry, IOException cause) {
        return StoreException.corrupt("entry " + entry.index() + " holds no command: " + cause.getMessage());
    }
}
