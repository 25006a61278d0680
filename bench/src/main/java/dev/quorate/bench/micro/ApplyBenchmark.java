package dev.quorate.bench.micro;

import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.raft.Entry;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.Store;
import dev.quorate.store.StoreOptions;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.OpenSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Committed writes into RocksDB, overwriting the same keys: of one shard without sessions, and each of another shard with a session in it. */
@State(Scope.Thread)
public class ApplyBenchmark {
    private final List<byte[]> commands = Batch.commands();
    private final List<byte[]> sessionCommands =
            IntStream.range(0, Batch.SIZE).mapToObj(Batch::sessionCommand).toList();
    private long sequence;
    private Path directory;
    private Store store;

    @Setup(Level.Iteration)
    public void open() throws IOException {
        directory = Files.createTempDirectory(Files.createDirectories(Path.of("bench/target")), "store-");
        store = Store.open(directory, StoreOptions.defaults());
        byte[] createMap = Command.newBuilder()
                .setMapChange(MapChange.newBuilder()
                        .setCreate(MapChange.CreateMap.newBuilder()
                                .setClusterId("bench")
                                .setShardCount(Batch.SIZE)
                                .setRoot(Group.newBuilder()
                                        .setId(1)
                                        .addMembers(dev.quorate.api.Member.newBuilder()
                                                .setId("m")
                                                .setHost("h")))))
                .build()
                .toByteArray();
        store.apply(List.of(new Entry(1, 1, Entry.Type.COMMAND, createMap)));
        List<byte[]> opened = IntStream.range(0, Batch.SIZE)
                .mapToObj(shard -> OpenSession.newBuilder().setShard(shard).setClientId(Batch.CLIENT))
                .map(open -> Command.newBuilder().setOpenSession(open).build().toByteArray())
                .toList();
        store.apply(Batch.entries(opened, 1));
        sequence = Batch.FIRST_SEQUENCE;
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        store.close();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public List<ApplyResult> apply() {
        return store.apply(Batch.entries(commands, store.applied().index()));
    }

    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public List<ApplyResult> applyOnce() {
        sequence++;
        sessionCommands.forEach(command -> Batch.setSequence(command, sequence));
        return store.apply(Batch.entries(sessionCommands, store.applied().index()));
    }
}
