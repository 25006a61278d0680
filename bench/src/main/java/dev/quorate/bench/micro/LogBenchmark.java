package dev.quorate.bench.micro;

import dev.quorate.log.LogOptions;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Entry;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The write-ahead log on the checkout's disk, compacted as it goes. */
@State(Scope.Thread)
public class LogBenchmark {
    private static final int COMPACTED_EVERY = 100_000;

    private final List<byte[]> commands = Batch.commands();
    private final CRC32C crc = new CRC32C();
    private Path directory;
    private WriteAheadLog log;

    @Setup(Level.Iteration)
    public void open() throws IOException {
        directory = Files.createTempDirectory(Files.createDirectories(Path.of("bench/target")), "log-");
        log = WriteAheadLog.open(directory, LogOptions.defaults());
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        log.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** What the checksum alone takes of {@link #append}. */
    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public long checksum() {
        long sum = 0;
        for (byte[] command : commands) {
            crc.reset();
            crc.update(command);
            sum += crc.getValue();
        }
        return sum;
    }

    /** The entries themselves: part of {@link #append}. */
    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public List<Entry> entries() {
        return Batch.entries(commands, log.lastIndex());
    }

    /** Frames, checksums and one write; no sync. */
    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public void append() throws IOException {
        long last = log.lastIndex();
        log.append(null, Batch.entries(commands, last));
        if (last - log.firstIndex() > COMPACTED_EVERY) {
            log.compact(new SnapshotMeta(last, 1, Membership.NONE));
        }
    }

    /** The same and one fdatasync for the batch. */
    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public void appendAndSync() throws IOException {
        append();
        log.sync();
    }
}
