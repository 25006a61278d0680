package dev.quorate.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys that entries applied together touch: each is read at most once and written once, however many of them touch it. */
final class TouchedKeys {
    private final Rows rows;
    /** Each by itself: slots of one key are equal. */
    private final Map<Slot, Slot> slots = new HashMap<>();

    TouchedKeys(Rows rows) {
        this.rows = rows;
    }

    /** A key's value: as the rows have it (UNREAD as long as nobody needed to know), and as it is after the entries so far. */
    static final class Slot {
        private final byte[] dataKey;
        private final int hash;
        private StoredValue stored = StoredValue.UNREAD;
        private StoredValue current = StoredValue.UNREAD;

        private Slot(byte[] dataKey) {
            this.dataKey = dataKey;
            this.hash = Arrays.hashCode(dataKey) * 0x9E3779B9; // digits at the end of keys alone would fill few buckets
        }

        private void load(byte[] row) {
            stored = StoredValue.ofNullable(row);
            current = stored;
        }

        /** Null when there is none. */
        StoredValue value() {
            return current;
        }

        StoredValue liveAt(long clockMillis) {
            return current == null || current.expiredAt(clockMillis) ? null : current;
        }

        /** @param value null for none */
        void set(StoredValue value) {
            current = value;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Slot slot && hash == slot.hash && Arrays.equals(dataKey, slot.dataKey);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private Slot touch(byte[] dataKey) {
        Slot slot = new Slot(dataKey);
        Slot touched = slots.putIfAbsent(slot, slot);
        return touched == null ? slot : touched;
    }

    /** Reads what is going to be needed, in one call. */
    void prefetch(List<byte[]> dataKeys) {
        if (dataKeys.isEmpty()) {
            return;
        }
        List<byte[]> values = rows.multiGet(dataKeys);
        for (int i = 0; i < values.size(); i++) {
            touch(dataKeys.get(i)).load(values.get(i));
        }
    }

    /** The key's slot, of whose value nothing may be known. */
    Slot blindly(byte[] dataKey) {
        return touch(dataKey);
    }

    /** The key's slot, with its value. */
    Slot read(byte[] dataKey) {
        Slot slot = touch(dataKey);
        if (slot.current == StoredValue.UNREAD) {
            slot.load(rows.get(dataKey));
        }
        return slot;
    }

    /** Adds to the batch what changed. */
    void writeTo(Rows.Batch batch) {
        for (Slot slot : slots.keySet()) {
            if (slot.current != slot.stored) {
                write(slot, batch);
            }
        }
    }

    private static void write(Slot slot, Rows.Batch batch) {
        if (slot.stored != null) {
            dropDeadline(slot.dataKey, slot.stored, batch);
        }
        if (slot.current == null) {
            batch.delete(slot.dataKey);
        } else {
            put(slot.dataKey, slot.current, batch);
        }
    }

    /** Deletes the entry of a value's deadline if it has one. */
    static void dropDeadline(byte[] dataKey, StoredValue value, Rows.Batch batch) {
        if (value.expires()) {
            batch.delete(Keys.deadline(dataKey, value.deadlineMillis()));
        }
    }

    /** Adds a value, and the entry of its deadline if it has one. */
    static void put(byte[] dataKey, StoredValue value, Rows.Batch batch) {
        batch.put(dataKey, value);
        putDeadline(dataKey, value, batch);
    }

    /** Adds the entry of a value's deadline if it has one. */
    static void putDeadline(byte[] dataKey, StoredValue value, Rows.Batch batch) {
        if (value.expires()) {
            byte[] version = ByteBuffer.allocate(8).putLong(value.version()).array();
            batch.put(Keys.deadline(dataKey, value.deadlineMillis()), version);
        }
    }

    /** What an entry did to keys, so that it can be undone or told. */
    static final class Undo {
        private record Step(Slot slot, StoredValue before) {}

        private final List<Step> steps;

        Undo(int steps) {
            this.steps = new ArrayList<>(steps);
        }

        void remember(Slot slot) {
            steps.add(new Step(slot, slot.current));
        }

        /** What became of each key, from before the first step to now. */
        List<RowChange> changes() {
            Map<Slot, StoredValue> before = new LinkedHashMap<>();
            for (Step step : steps) {
                // Not putIfAbsent: a key that was not there before its first step is null here.
                if (!before.containsKey(step.slot)) {
                    before.put(step.slot, step.before);
                }
            }
            List<RowChange> changes = new ArrayList<>(before.size());
            before.forEach((slot, value) -> {
                if (value != slot.current) {
                    changes.add(new RowChange(slot.dataKey, bytes(value), bytes(slot.current)));
                }
            });
            return changes;
        }

        private static byte[] bytes(StoredValue value) {
            return value == null ? null : value.bytes();
        }

        void run() {
            steps.reversed().forEach(step -> step.slot.current = step.before);
        }
    }
}
