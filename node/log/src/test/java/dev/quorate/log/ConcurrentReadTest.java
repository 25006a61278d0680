package dev.quorate.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Entry;
import dev.quorate.raft.LogView.CompactedException;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers beside a writer that appends, cuts and compacts: they see entries that were in the log together, whole, or a typed refusal. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConcurrentReadTest {
    private static final int APPENDS = 3_000;

    @TempDir
    Path directory;

    /** An entry that knows what it is, and the term of the one it was appended after. */
    private static Entry entry(long index, long term, long termBefore) {
        int sizeBytes = 24 + (int) (index * 7 + term) % 200;
        byte[] data = ByteBuffer.allocate(sizeBytes)
                .putLong(index)
                .putLong(term)
                .putLong(termBefore)
                .array();
        return new Entry(index, term, Entry.Type.COMMAND, data);
    }

    private static long termBefore(Entry entry) {
        return ByteBuffer.wrap(entry.data()).getLong(16);
    }

    @Test
    void readersNeverSeeATornOrMixedLog() throws Exception {
        LogOptions options = new LogOptions(LogOptions.MIN_SEGMENT_SIZE_BYTES, 2_000, 1);
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong reads = new AtomicLong();
        try (WriteAheadLog log = WriteAheadLog.open(directory, options);
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int reader = 0; reader < 2; reader++) {
                Random random = new Random(reader);
                running.add(readers.submit(() -> {
                    while (!done.get()) {
                        readSome(log, random);
                        reads.incrementAndGet();
                    }
                }));
            }
            try {
                write(log, new Random(99));
            } finally {
                done.set(true);
            }
            for (Future<?> reader : running) {
                reader.get();
            }
            assertThat(reads.get()).isPositive();
        }
    }

    private static void write(WriteAheadLog log, Random random) throws IOException {
        long term = 1;
        for (int i = 0; i < APPENDS; i++) {
            long first = log.lastIndex() + 1;
            if (random.nextInt(4) == 0 && log.lastIndex() - log.firstIndex() > 200) {
                term++;
                first -= 1 + random.nextInt(random.nextInt(20) == 0 ? 150 : 8);
            }
            List<Entry> entries = new ArrayList<>();
            for (int k = random.nextInt(5); k >= 0; k--) {
                entries.add(entry(first + entries.size(), term, entries.isEmpty() ? log.term(first - 1) : term));
            }
            log.append(null, entries);
            if (random.nextInt(100) == 0 && log.lastIndex() - log.firstIndex() > 600) {
                long index = log.lastIndex() - 500;
                log.compact(new SnapshotMeta(index, log.term(index), Membership.NONE));
            }
        }
    }

    private static void readSome(WriteAheadLog log, Random random) {
        long first = log.firstIndex();
        long from = first + random.nextInt(600);
        try {
            List<Entry> entries = log.entries(from, from + 1 + random.nextInt(600), 1 + random.nextInt(80_000));
            for (int i = 0; i < entries.size(); i++) {
                Entry entry = entries.get(i);
                assertThat(entry).isEqualTo(entry(from + i, entry.term(), termBefore(entry)));
                assertThat(i == 0 || termBefore(entry) == entries.get(i - 1).term())
                        .as("entry %d follows", from + i)
                        .isTrue();
            }
        } catch (CompactedException e) {
            assertThat(log.firstIndex()).isGreaterThan(first);
        }
    }

    @Test
    void anInterruptedReaderFailsAloneAndHarmsNoOther() throws Exception {
        LogOptions options = new LogOptions(1 << 20, 0, 1);
        try (WriteAheadLog log = WriteAheadLog.open(directory, options)) {
            for (long index = 1; index <= 500; index++) {
                log.append(null, List.of(entry(index, 1, 1)));
            }
            for (int round = 0; round < 50; round++) {
                Thread interrupted = Thread.ofPlatform().start(() -> {
                    try {
                        while (true) {
                            log.entries(1, 501, 1 << 20);
                        }
                    } catch (UncheckedIOException e) {
                        assertThat(e).hasCauseInstanceOf(ClosedByInterruptException.class);
                    }
                });
                interrupted.interrupt();
                assertThat(log.entries(1, 501, 1 << 20)).hasSize(500);
                interrupted.join();
                log.append(null, List.of(entry(501 + round, 1, 1)));
                log.sync();
            }
        }
    }

    @Test
    void aPendingInterruptOfTheWriterIsPutAsideAndKept() throws IOException {
        try (WriteAheadLog log = WriteAheadLog.open(directory, LogOptions.defaults())) {
            Thread.currentThread().interrupt();
            log.append(null, List.of(entry(1, 1, 0)));
            log.sync();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(log.lastIndex()).isEqualTo(1);
        }
    }
}
