package dev.quorate.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Rows of a cursor, one after the other in the same memory: who reads a whole shard would spend more on arrays for each row than on reading it. */
final class RowBuffer {
    private static final int FIRST_BYTES = 4 << 10;

    /** Where the key is, as it is stored. */
    private static final int KEY_AT = PackedRows.keyAt(0);

    private byte[] bytes = new byte[FIRST_BYTES];
    private int keySize;
    private int valueSize;

    /** Takes the row at which the cursor is. */
    void load(Rows.Cursor cursor) {
        keySize = cursor.copyKey(bytes, KEY_AT);
        if (KEY_AT + keySize > bytes.length) {
            grow(KEY_AT + keySize);
            cursor.copyKey(bytes, KEY_AT);
        }
        int valueAt = KEY_AT + keySize;
        valueSize = cursor.copyValue(bytes, valueAt);
        if (valueAt + valueSize > bytes.length) {
            grow(valueAt + valueSize);
            cursor.copyValue(bytes, valueAt);
        }
    }

    private void grow(int sizeBytes) {
        bytes = Arrays.copyOf(bytes, Math.max(sizeBytes, 2 * bytes.length));
    }

    /** Of its key, as it is stored, and its value. */
    int sizeBytes() {
        return keySize + valueSize;
    }

    byte[] key() {
        return Arrays.copyOfRange(bytes, KEY_AT, KEY_AT + keySize);
    }

    /** Shows the row with its key as it is stored. */
    void visit(PackedRows.Visitor visitor) {
        ByteBuffer.wrap(bytes).putInt(0, valueSize).putInt(4, keySize);
        visitor.row(bytes, 0, keySize, valueSize);
    }

    /** Shows the row with its key as it travels: that ends where the stored one does, and what is before it makes room for a moment. */
    void visitMoving(PackedRows.Visitor visitor) {
        int movingSize = Keys.movingSize(keySize);
        int row = keySize - movingSize;
        int movingAt = PackedRows.keyAt(row);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long sizesPlace = buffer.getLong(row);
        byte kindPlace = bytes[movingAt];
        buffer.putInt(row, valueSize).putInt(row + 4, movingSize);
        bytes[movingAt] = bytes[KEY_AT];
        visitor.row(bytes, row, movingSize, valueSize);
        buffer.putLong(row, sizesPlace);
        bytes[movingAt] = kindPlace;
    }
}
