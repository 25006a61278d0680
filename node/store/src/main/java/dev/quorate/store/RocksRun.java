package dev.quorate.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.rocksdb.EnvOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * Rows on their way into a file that RocksDB takes over as it is, below what was written before: they go through no buffer, and no compaction writes them
 * again. The file's blocks have checksums, and it is durable before RocksDB knows of it.
 */
final class RocksRun implements Rows.Run {
    private static final String SUFFIX = ".run";
    private static final int FIRST_BYTES = 4 << 10;
    /** Goes to the disk as it comes, so that the sync at the end has little left to do. */
    private static final long SYNCED_BYTES_AT_ONCE = 1 << 20;

    private final RocksDB db;
    private final Path file;
    private final AtomicLong unflushedBytes;
    private final EnvOptions environment = new EnvOptions().setBytesPerSync(SYNCED_BYTES_AT_ONCE);
    private final SstFileWriter writer;
    private ByteBuffer keyBuffer = ByteBuffer.allocateDirect(FIRST_BYTES);
    private ByteBuffer valueBuffer = ByteBuffer.allocateDirect(FIRST_BYTES);
    private boolean empty = true;

    /** @param unflushedBytes counts what is put */
    RocksRun(RocksDB db, Options settings, Path directory, long number, AtomicLong unflushedBytes)
            throws RocksDBException {
        this.db = db;
        this.unflushedBytes = unflushedBytes;
        file = directory.resolve(number + SUFFIX);
        writer = new SstFileWriter(environment, settings);
        try {
            writer.open(file.toString());
        } catch (RocksDBException e) {
            close();
            throw e;
        }
    }

    /** Deletes what a crash left. */
    static void deleteLeft(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(SUFFIX)).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw StoreException.io("can't tidy " + directory, e);
        }
    }

    @Override
    public void put(byte[] key, byte[] source, int valueAt, int valueSizeBytes) {
        keyBuffer = filled(keyBuffer, key, 0, key.length);
        valueBuffer = filled(valueBuffer, source, valueAt, valueSizeBytes);
        try {
            writer.put(keyBuffer, valueBuffer);
        } catch (RocksDBException e) {
            throw failed(e);
        }
        empty = false;
        unflushedBytes.addAndGet(key.length + (long) valueSizeBytes);
    }

    private static ByteBuffer filled(ByteBuffer buffer, byte[] source, int at, int sizeBytes) {
        ByteBuffer roomy = sizeBytes <= buffer.capacity()
                ? buffer
                : ByteBuffer.allocateDirect(Math.max(sizeBytes, 2 * buffer.capacity()));
        return roomy.clear().put(source, at, sizeBytes).flip();
    }

    /** Refused where it would need a flush first: nobody asked for that, and what would be flushed is not whole. */
    @Override
    public void end() {
        try (IngestExternalFileOptions how =
                new IngestExternalFileOptions().setMoveFiles(true).setAllowBlockingFlush(false)) {
            if (!empty) {
                writer.finish();
                db.ingestExternalFile(List.of(file.toString()), how);
            }
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            close();
        }
    }

    private StoreException failed(RocksDBException cause) {
        return StoreException.of("the file of rows " + file + " failed", cause);
    }

    @Override
    public void close() {
        writer.close();
        environment.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw StoreException.io("can't delete " + file, e);
        }
    }
}
