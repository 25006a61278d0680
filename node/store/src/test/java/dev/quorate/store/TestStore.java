package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Entry;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.ShardRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A store and the log that it applies: commands become entries, results come back. */
final class TestStore implements AutoCloseable {
    final Store store;
    final List<Entry> log;

    private TestStore(Store store, List<Entry> log) {
        this.store = store;
        this.log = log;
    }

    static TestStore open(Path directory) {
        return open(directory, new ArrayList<>());
    }

    /** Opens with a log that another store has applied; replays nothing. */
    static TestStore open(Path directory, List<Entry> log) {
        return new TestStore(Store.open(directory, StoreOptions.defaults()), log);
    }

    /** As a directory's, on a storage of another kind. */
    static TestStore open(Storage storage, List<Entry> log) {
        return new TestStore(Store.open(storage), log);
    }

    /** A store that owns shards 0 to {@code shards - 1}. */
    static TestStore owning(Path directory, int shards) {
        TestStore store = open(directory);
        store.apply(Commands.createMap(shards));
        return store;
    }

    ApplyResult apply(Command command) {
        return applyAll(command).getFirst();
    }

    /** In one call. */
    List<ApplyResult> applyAll(Command... commands) {
        int from = log.size();
        for (Command command : commands) {
            log.add(new Entry(log.size() + 1, 1, Entry.Type.COMMAND, command.toByteArray()));
        }
        return store.apply(log.subList(from, log.size()));
    }

    /** Applies what the log has beyond the store. */
    void replay() {
        store.apply(log.subList((int) store.applied().index(), log.size()));
    }

    List<OperationResult> write(long nowMillis, Operation... operations) {
        ApplyResult result = apply(Commands.write(0, nowMillis, operations));
        assertThat(result).isInstanceOf(ApplyResult.Written.class);
        return ((ApplyResult.Written) result).operations();
    }

    OperationResult write(Operation operation) {
        return write(0, operation).getFirst();
    }

    /** Of a command that changes a shard. */
    boolean changes(Command command) {
        ApplyResult result = apply(command);
        assertThat(result).isInstanceOf(ApplyResult.Shard.class);
        return ((ApplyResult.Shard) result).changed();
    }

    String value(String key) {
        return value(0, key);
    }

    String value(int shard, String key) {
        try (StoreView view = store.view()) {
            Versioned versioned = view.get(shard, Commands.bytes(key));
            return versioned == null ? null : new String(versioned.value(), StandardCharsets.UTF_8);
        }
    }

    ShardRecord record(int shard) {
        return store.shard(shard).record();
    }

    /** All of RocksDB's content, as text. */
    List<String> content() {
        List<String> entries = new ArrayList<>();
        store.dump((key, value) ->
                entries.add(HexFormat.of().formatHex(key) + "=" + HexFormat.of().formatHex(value)));
        return entries;
    }

    @Override
    public void close() {
        store.close();
    }
}
