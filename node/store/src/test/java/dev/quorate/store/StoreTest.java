package dev.quorate.store;

import static dev.quorate.store.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import dev.quorate.api.ShardMap;
import dev.quorate.raft.Entry;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipCodec;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.GroupMembers;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.PutMember;
import dev.quorate.store.proto.ShardRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class StoreTest {
    private static final Membership MEMBERS = Membership.ofVoters(Set.of(new UUID(1, 2), new UUID(3, 4)));

    @TempDir
    Path directory;

    @Test
    void aFreshStoreHasNothing() {
        try (TestStore store = TestStore.open(directory)) {
            assertThat(store.store.applied()).isEqualTo(new SnapshotMeta(0, 0, Membership.NONE));
            assertThat(store.store.flushedIndex()).isZero();
            assertThat(store.store.flush()).isZero();
            assertThat(store.store.map()).isEqualTo(ShardMap.getDefaultInstance());
            assertThat(store.store.shards()).isEmpty();
            assertThat(store.store.shard(0)).isEqualTo(new ShardView(0, ShardRecord.getDefaultInstance()));
            assertThat(store.store.shard(-1).owned()).isFalse();
            assertThat(store.store.shard(20000).owned()).isFalse();
        }
    }

    @Test
    void aBootstrapIsRememberedAndNeverReplaced() {
        try (TestStore store = TestStore.open(directory)) {
            store.store.initialize(MEMBERS);
        }
        try (TestStore store = TestStore.open(directory)) {
            assertThat(store.store.applied()).isEqualTo(new SnapshotMeta(0, 0, MEMBERS));
            store.store.initialize(MEMBERS);
            Membership other = Membership.ofVoters(Set.of(new UUID(5, 6)));
            assertThatThrownBy(() -> store.store.initialize(other)).isInstanceOf(IllegalStateException.class);
            store.apply(Commands.createMap(1));
            assertThatThrownBy(() -> store.store.initialize(MEMBERS)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void everythingIsThereAfterACleanRestart() {
        ShardMap map;
        try (TestStore store = TestStore.owning(directory, 4)) {
            store.write(7, put("k", "v"));
            store.apply(Commands.freeze(3, 9));
            map = store.store.map();
        }
        try (TestStore store = TestStore.open(directory)) {
            assertThat(store.store.applied().index()).isEqualTo(3);
            assertThat(store.store.flushedIndex()).isEqualTo(3);
            assertThat(store.value("k")).isEqualTo("v");
            assertThat(store.store.map()).isEqualTo(map);
            assertThat(store.store.shards()).hasSize(4);
            assertThat(store.record(0).getClockMillis()).isEqualTo(7);
            assertThat(store.record(3).getState()).isEqualTo(ShardRecord.State.FROZEN);
        }
    }

    @Test
    void membershipEntriesAndEmptyOnesCountAsApplied() {
        try (TestStore store = TestStore.open(directory)) {
            List<ApplyResult> results = store.store.apply(List.of(
                    new Entry(1, 2, Entry.Type.EMPTY, new byte[0]),
                    new Entry(2, 2, Entry.Type.MEMBERSHIP, MembershipCodec.encode(MEMBERS)),
                    new Entry(3, 3, Entry.Type.EMPTY, new byte[0])));
            assertThat(results)
                    .containsExactly(
                            new ApplyResult.Nothing(),
                            new ApplyResult.Members(GroupMembers.getDefaultInstance()),
                            new ApplyResult.Nothing());
        }
        try (TestStore store = TestStore.open(directory)) {
            assertThat(store.store.applied()).isEqualTo(new SnapshotMeta(3, 3, MEMBERS));
        }
    }

    @Test
    void whereMembersAreAndWhoWasRemovedSurvivesAReopen() {
        Member first = member(new UUID(1, 2));
        Member second = member(new UUID(3, 4));
        Member third = member(new UUID(5, 6));
        Command put = Command.newBuilder()
                .setPutMember(PutMember.newBuilder().setMember(third))
                .build();
        Membership after = Membership.ofVoters(Set.of(new UUID(3, 4), new UUID(5, 6)));
        GroupMembers expected = GroupMembers.newBuilder()
                .addMembers(second)
                .addMembers(third)
                .addRemovedIds(first.getId())
                .build();
        try (TestStore store = TestStore.open(directory)) {
            store.store.initialize(MEMBERS, List.of(first, second));
            List<ApplyResult> results = store.store.apply(List.of(
                    new Entry(1, 2, Entry.Type.COMMAND, put.toByteArray()),
                    new Entry(2, 2, Entry.Type.MEMBERSHIP, MembershipCodec.encode(after))));
            assertThat(results.getLast()).isEqualTo(new ApplyResult.Members(expected));
        }
        try (TestStore store = TestStore.open(directory)) {
            assertThat(store.store.members()).isEqualTo(expected);
        }
    }

    private static Member member(UUID id) {
        return Member.newBuilder().setId(id.toString()).setHost("host").build();
    }

    @Test
    void entriesAreAppliedWithoutGapsAndOnce() {
        Entry first = new Entry(1, 1, Entry.Type.EMPTY, new byte[0]);
        Entry third = new Entry(3, 1, Entry.Type.EMPTY, new byte[0]);
        try (TestStore store = TestStore.open(directory)) {
            assertThatThrownBy(() -> store.store.apply(List.of(first, third)))
                    .hasMessage("entry 3 can't be applied: 2 is next");
            store.store.apply(List.of(first));
            assertThatThrownBy(() -> store.store.apply(List.of(first)))
                    .hasMessage("entry 1 can't be applied: 2 is next");
            assertThat(store.store.applied().index()).isEqualTo(1);
        }
    }

    @Test
    void whatThisVersionDoesNotKnowIsNotSkipped() {
        try (TestStore store = TestStore.owning(directory, 1)) {
            Command newer = Command.newBuilder()
                    .setUnknownFields(UnknownFieldSet.newBuilder()
                            .addField(
                                    99,
                                    UnknownFieldSet.Field.newBuilder()
                                            .addVarint(1)
                                            .build())
                            .build())
                    .build();
            Command withoutOperation = Commands.write(0, 0, Operation.getDefaultInstance());
            for (byte[] data : new byte[][] {newer.toByteArray(), withoutOperation.toByteArray(), {-1, 3, 7}}) {
                Entry entry = new Entry(2, 1, Entry.Type.COMMAND, data);
                assertThatThrownBy(() -> store.store.apply(List.of(entry)))
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT));
            }
            assertThat(store.store.applied().index()).isEqualTo(1);
        }
    }

    @Test
    void theShardMapIsKeptByTheGroupThatCreatedIt() {
        try (TestStore store = TestStore.open(directory)) {
            Command addGroup = Commands.map(MapChange.newBuilder()
                    .setAddGroup(MapChange.AddGroup.newBuilder().setGroupId(2))
                    .build());
            ApplyResult refused = store.apply(addGroup);
            assertThat(((ApplyResult.Map) refused).result().getAccepted()).isFalse();
            List<ApplyResult> results =
                    store.applyAll(Commands.createMap(8), addGroup, Commands.write(7, 0, put("k", "v")));
            assertThat(((ApplyResult.Map) results.get(1)).result().getMap()).isEqualTo(store.store.map());
            assertThat(store.store.map().getEpoch()).isEqualTo(2);
            assertThat(results.get(2)).isInstanceOf(ApplyResult.Written.class);
            assertThat(store.store.shards()).hasSize(8).allMatch(ShardView::owned);
            assertThat(store.record(0).getEpoch()).isEqualTo(1);
        }
    }

    @Test
    void anotherFormatIsRefused() throws RocksDBException {
        TestStore.owning(directory, 1).close();
        try (Options options = new Options();
                RocksDB db = RocksDB.open(options, directory.resolve("current").toString())) {
            db.put(Keys.FORMAT, new byte[] {99});
        }
        assertThatThrownBy(() -> Store.open(directory, StoreOptions.defaults()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("its format is not 2");
    }

    @Test
    void rowsThatWereFlushedByAnotherThanTheStoreAreRefused() throws RocksDBException {
        TestStore.owning(directory, 1).close();
        try (Options options = new Options();
                RocksDB db = RocksDB.open(options, directory.resolve("current").toString())) {
            db.put(Keys.APPLIED, ByteBuffer.allocate(16).putLong(2).putLong(1).array());
        }
        assertThatThrownBy(() -> Store.open(directory, StoreOptions.defaults()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT))
                .hasMessageContaining("its keys are as of index 2, its shards and sessions as of 1")
                .hasMessageContaining("rebuild this replica");
    }

    @Test
    void afterAnEntryThatCanNotBeAppliedNothingIsFlushed() {
        try (TestStore store = TestStore.owning(directory, 1)) {
            store.write(put("k", "v"));
            Command unknown = Commands.write(
                    0,
                    0,
                    Operation.newBuilder().setKey(ByteString.copyFromUtf8("k")).build());
            assertThatThrownBy(() -> store.apply(unknown)).isInstanceOf(StoreException.class);
            assertThatThrownBy(store.store::flush)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("open it again");
        }
        try (TestStore again = TestStore.open(directory)) {
            assertThat(again.store.applied().index()).isZero();
        }
    }
}
