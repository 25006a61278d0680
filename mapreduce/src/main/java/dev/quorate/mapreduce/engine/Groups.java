package dev.quorate.mapreduce.engine;

import java.io.IOException;
import java.util.Arrays;

/** Pairs in order as keys, each with its values, which stream past: nothing is kept but the key. */
public final class Groups implements Values {
    private static final int FIRST_KEY_BYTES = 64;

    private final Pairs pairs;
    private byte[] key = new byte[FIRST_KEY_BYTES];
    private int keyLength;
    private boolean started;
    /** Whether the pairs stand at one. */
    private boolean present;
    /** Whether it is of the present key. */
    private boolean inGroup;
    /** Whether its value was given out. */
    private boolean taken;

    private long pairsRead;

    public Groups(Pairs pairs) {
        this.pairs = pairs;
    }

    /** Goes to the next key, past those values of the present one that nobody took. False when there is none. */
    public boolean nextKey() throws IOException {
        if (!started) {
            started = true;
            present = pairs.next();
        } else {
            while (hasNext()) {
                take();
            }
        }
        if (!present) {
            return false;
        }
        keyLength = pairs.valueStart() - pairs.keyStart();
        if (key.length < keyLength) {
            key = new byte[Math.max(keyLength, 2 * key.length)];
        }
        System.arraycopy(pairs.array(), pairs.keyStart(), key, 0, keyLength);
        inGroup = true;
        return true;
    }

    /** The present key's bytes are the first {@link #keyLength} of this. */
    public byte[] key() {
        return key;
    }

    public int keyLength() {
        return keyLength;
    }

    @Override
    public boolean hasNext() throws IOException {
        if (taken) {
            taken = false;
            present = pairs.next();
            inGroup = present && Arrays.equals(pairs.array(), pairs.keyStart(), pairs.valueStart(), key, 0, keyLength);
        }
        return inGroup;
    }

    @Override
    public void take() {
        taken = true;
        pairsRead++;
    }

    @Override
    public byte[] array() {
        return pairs.array();
    }

    @Override
    public int start() {
        return pairs.valueStart();
    }

    @Override
    public int end() {
        return pairs.valueEnd();
    }

    /** How many pairs have gone by. */
    public long pairsRead() {
        return pairsRead;
    }

    /** Writes all of them into a partition of a run, each key's values combined. */
    void combineInto(RunWriter run, int partition, PairCombiner combiner) throws IOException {
        PairCombiner.Output out = (bytes, start, end) -> run.add(partition, key, 0, keyLength, bytes, start, end);
        while (nextKey()) {
            combiner.combine(key, 0, keyLength, this, out);
        }
    }
}
