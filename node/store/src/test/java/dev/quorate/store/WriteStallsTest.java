package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

class WriteStallsTest {
    /** More files of the first level than RocksDB writes on with. */
    private static final int FILES = 40;

    @TempDir
    Path directory;

    @Test
    void thereAreNoneInAStoreThatKeepsUp() {
        try (Rows rows = RocksRows.open(directory, StoreOptions.defaults())) {
            assertThat(rows.writeStalls()).isEqualTo(WriteStalls.NONE);
        }
    }

    @Test
    void thoseOfAStoreWhoseCompactionsAreBehindAreCounted() throws Exception {
        try (Options options = new Options().setCreateIfMissing(true).setDisableAutoCompactions(true);
                RocksDB db = RocksDB.open(options, directory.toString());
                FlushOptions waiting = new FlushOptions()) {
            for (int i = 0; i < FILES; i++) {
                db.put(new byte[] {1}, new byte[] {(byte) i});
                db.flush(waiting);
            }
        }
        try (Rows rows = RocksRows.open(directory, StoreOptions.defaults())) {
            assertThat(rows.writeStalls().count()).isPositive();
        }
    }
}
