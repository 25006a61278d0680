package dev.quorate.store;

import static dev.quorate.store.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.Entry;
import dev.quorate.store.proto.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows in memory are rows as RocksDB keeps them, and lose what a disk would lose. */
class MemoryStorageTest {
    private static final int ENTRIES = 1500;

    @TempDir
    Path directory;

    private final Seed seed = Seed.of(MemoryStorageTest.class);

    private List<Entry> log() {
        List<Entry> log = new ArrayList<>();
        for (Command command : History.random(seed.value(), ENTRIES)) {
            log.add(new Entry(log.size() + 1, 1, Entry.Type.COMMAND, command.toByteArray()));
        }
        return log;
    }

    @Test
    void theSameEntriesMakeTheSameRowsAsInRocksDb() {
        List<Entry> log = log();
        try (TestStore rocks = TestStore.open(directory, log);
                TestStore memory = TestStore.open(new MemoryStorage(), log)) {
            rocks.replay();
            memory.replay();
            assertThat(memory.content()).as(seed.replay()).isEqualTo(rocks.content());
            try (StoreView a = rocks.store.view();
                    StoreView b = memory.store.view()) {
                assertThat(b.orphans(100)).as(seed.replay()).isEqualTo(a.orphans(100));
            }
            for (ShardView shard : rocks.store.shards()) {
                try (RowsView a = rocks.store.rowsView(shard.shard());
                        RowsView b = memory.store.rowsView(shard.shard())) {
                    long incarnation = shard.record().getIncarnation();
                    assertThat(b.exportChunk(shard.shard(), incarnation, null, 40))
                            .isEqualTo(a.exportChunk(shard.shard(), incarnation, null, 40));
                    assertThat(b.digest(shard.shard(), incarnation)).isEqualTo(a.digest(shard.shard(), incarnation));
                }
            }
        }
    }

    @Test
    void aCrashLeavesTheStateAsSomeFlushFoundItAndAllThatIsKnownToBeFlushed() {
        List<Entry> log = log();
        Random random = seed.random();
        MemoryStorage storage = new MemoryStorage(1 + random.nextInt(20));
        while (true) {
            Store store = Store.open(storage);
            long durable = store.applied().index();
            assertThat(store.flushedIndex()).isEqualTo(durable);
            for (int i = random.nextInt(50); i > 0 && store.applied().index() < log.size(); i--) {
                int from = (int) store.applied().index();
                store.apply(log.subList(from, Math.min(log.size(), from + 1 + random.nextInt(5))));
                if (random.nextInt(20) == 0) {
                    durable = store.flush();
                }
            }
            if (store.applied().index() == log.size()) {
                break;
            }
            long applied = store.applied().index();
            storage.crash(random.nextBoolean());
            assertThatThrownBy(store::flush).isInstanceOf(StoreException.class);
            Store recovered = Store.open(storage);
            assertThat(recovered.applied().index()).as(seed.replay()).isBetween(durable, applied);
            recovered.close();
        }
        storage.crash(true);
        try (TestStore recovered = TestStore.open(storage, log);
                TestStore steady = TestStore.open(new MemoryStorage(), log)) {
            steady.replay();
            recovered.replay();
            assertThat(recovered.content()).as(seed.replay()).isEqualTo(steady.content());
        }
    }

    @Test
    void aViewKeepsItsStateWhileWritesGoOn() {
        try (TestStore store = TestStore.open(new MemoryStorage(), new ArrayList<>())) {
            store.apply(Commands.createMap(1));
            store.write(put("k", "old"));
            try (StoreView view = store.store.view()) {
                store.write(put("k", "new"));
                store.write(put("l", "new"));
                assertThat(view.scan(0, null, null, 10)).hasSize(1);
                assertThat(view.get(0, Commands.bytes("k")).value()).isEqualTo(Commands.bytes("old"));
            }
            assertThat(store.value("k")).isEqualTo("new");
        }
    }

    @Test
    void anImageIsInstalledLikeACheckpoint() {
        List<Entry> log = log();
        MemoryStorage storage = new MemoryStorage();
        MemoryStorage senders = new MemoryStorage();
        try (TestStore sender = TestStore.open(senders, log);
                TestStore receiver = TestStore.open(storage, log)) {
            sender.replay();
            MemoryStorage.Image image = sender.store.image();
            receiver.store.apply(log.subList(0, 10));
            receiver.store.install(image.meta(), () -> storage.stage(image));
            assertThat(receiver.content()).isEqualTo(sender.content());
            assertThat(receiver.store.applied()).isEqualTo(sender.store.applied());
            assertThat(receiver.store.flushedIndex()).isEqualTo(log.size());
            sender.apply(Commands.write(3, 0, put("k1", "later")));
            receiver.replay();
            assertThat(receiver.content()).isEqualTo(sender.content());
        }
    }
}
