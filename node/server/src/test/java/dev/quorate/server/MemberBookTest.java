package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Member;
import dev.quorate.log.LogOptions;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.Membership;
import dev.quorate.store.Store;
import dev.quorate.store.StoreOptions;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.PutMember;
import dev.quorate.store.proto.WriteCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberBookTest {
    private static final UUID FIRST = new UUID(1, 1);
    private static final UUID LATER = new UUID(2, 2);

    @TempDir
    Path directory;

    @Test
    void whatTheLogSaysCountsUntilItIsApplied() throws Exception {
        try (Store store = Store.open(directory.resolve("store"), StoreOptions.defaults());
                WriteAheadLog log = WriteAheadLog.open(directory.resolve("log"), new LogOptions(1 << 20, 1 << 20, 1))) {
            store.initialize(Membership.ofVoters(Set.of(FIRST)), List.of(member(FIRST, "first")));
            List<Entry> entries = List.of(
                    new Entry(1, 1, Entry.Type.EMPTY, new byte[0]),
                    command(2, Command.newBuilder().setWrite(WriteCommand.newBuilder())),
                    put(3, member(FIRST, "moved")),
                    put(4, member(LATER, "later")));
            log.append(new HardState(1, FIRST), entries);
            log.sync();

            MemberBook book = new MemberBook(store, List.of(), log);
            assertThat(book.find(LATER)).isEqualTo(member(LATER, "later"));
            assertThat(book.find(FIRST).getHost()).isEqualTo("moved");

            store.apply(entries);
            store.apply(List.of(put(5, member(LATER, "elsewhere"))));
            book.refresh();
            assertThat(book.find(LATER).getHost()).isEqualTo("elsewhere");
            assertThat(book.all()).hasSize(2);
        }
    }

    private static Member member(UUID id, String host) {
        return Member.newBuilder().setId(id.toString()).setHost(host).build();
    }

    private static Entry put(long index, Member member) {
        return command(
                index, Command.newBuilder().setPutMember(PutMember.newBuilder().setMember(member)));
    }

    private static Entry command(long index, Command.Builder command) {
        return new Entry(index, 1, Entry.Type.COMMAND, command.build().toByteArray());
    }
}
