package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PackedRowsTest {
    private static final List<Row> ROWS = Stream.of("", "key", "k".repeat(5_000))
            .map(key -> Commands.row(key, "value of " + key, 7, 0))
            .toList();

    @Test
    void whatIsPackedAsItIsStoredComesOutAsItTravels() {
        PackedRows packed = new PackedRows();
        RowBuffer buffer = new RowBuffer();
        try (Rows.Cursor cursor = stored()) {
            for (; cursor.valid(); cursor.next()) {
                buffer.load(cursor);
                buffer.visitMoving(packed::add);
                assertThat(buffer.key()).isEqualTo(cursor.key());
                assertThat(buffer.sizeBytes()).isEqualTo(cursor.key().length + cursor.value().length);
            }
        }
        assertThat(Row.unpack(packed.toBytes())).isEqualTo(ROWS);
        assertThat(packed.toBytes()).isEqualTo(Row.pack(ROWS));
        assertThat(PackedRows.lastKey(packed.toBytes()))
                .isEqualTo(ROWS.getLast().key());
        assertThat(PackedRows.lastKey(Row.pack(ROWS)
                        .concat(packed.toBytes())
                        .substring(packed.toBytes().size())))
                .as("somewhere in an array")
                .isEqualTo(ROWS.getLast().key());
        assertThat(PackedRows.lastKey(new PackedRows().toBytes())).isEqualTo(ByteString.EMPTY);
    }

    private static Rows.Cursor stored() {
        Rows rows = new MemoryStorage().open();
        try (Rows.Batch batch = rows.newBatch()) {
            ROWS.forEach(row -> batch.put(
                    Keys.arrived(5, 9, row.key().toByteArray()), row.value().toByteArray()));
            rows.write(batch);
        }
        return rows.snapshot().bulkCursor(Keys.data(5, 9));
    }

    @Test
    void aStoredRowHasTheDigestOfItsKeyAndValue() {
        List<Long> digests = new ArrayList<>();
        List<Long> expected = new ArrayList<>();
        RowBuffer buffer = new RowBuffer();
        try (Rows.Cursor cursor = stored()) {
            for (; cursor.valid(); cursor.next()) {
                buffer.load(cursor);
                buffer.visit((source, at, keySize, valueSize) ->
                        digests.add(PackedRows.digest(source, at, keySize, valueSize)));
                expected.add(ShardDigest.of(cursor.key(), cursor.value()));
            }
        }
        assertThat(digests).hasSameSizeAs(ROWS).isEqualTo(expected);
    }

    @Test
    void aPackedRowHasTheDigestOfItsKeyAndValue() {
        List<Long> digests = new ArrayList<>();
        PackedRows.visit(
                Row.pack(ROWS).toByteArray(),
                (source, at, keySize, valueSize) -> digests.add(PackedRows.digest(source, at, keySize, valueSize)));
        assertThat(digests).isEqualTo(ROWS.stream().map(Row::digest).toList());
    }

    @Test
    void whereTheBytesMakeNoSenseTheRowsEnd() {
        byte[] good = Row.pack(ROWS).toByteArray();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = new byte[random.nextInt(good.length)];
            System.arraycopy(good, 0, bad, 0, bad.length);
            for (int damage = random.nextInt(4); damage > 0 && bad.length > 0; damage--) {
                bad[random.nextInt(Math.min(bad.length, 64))] = (byte) random.nextInt();
            }
            List<Row> rows = Row.unpack(ByteString.copyFrom(bad));
            assertThat(PackedRows.lastKey(ByteString.copyFrom(bad)))
                    .isEqualTo(
                            rows.isEmpty() ? ByteString.EMPTY : rows.getLast().key());
        }
    }
}
