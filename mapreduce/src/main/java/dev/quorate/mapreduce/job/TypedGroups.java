package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Codec;
import dev.quorate.mapreduce.engine.Groups;
import dev.quorate.mapreduce.engine.Pairs;
import java.io.IOException;
import java.util.Iterator;

/** The keys of sorted pairs, each with its values, in a user's types. */
final class TypedGroups {
    private final Groups groups;
    private final Codec<Object> keys;
    private final TypedValues values;

    TypedGroups(Pairs pairs, PairType type) {
        groups = new Groups(pairs);
        keys = Job.codec(type.key());
        values = new TypedValues(Job.codec(type.value())).over(groups);
    }

    /** Goes to the next key. False when there is none. */
    boolean nextKey() throws IOException {
        return groups.nextKey();
    }

    Object key() {
        return keys.read(groups.key(), 0, groups.keyLength());
    }

    /** Of the present key; once. */
    Iterator<Object> values() {
        return values;
    }

    long pairsRead() {
        return groups.pairsRead();
    }

    /** What reading values failed with, which is no fault of who asked for them; null when it did not. */
    IOException failure() {
        return values.failure();
    }
}
