package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Codec;
import dev.quorate.mapreduce.engine.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Values of a key as a reducer sees them, read from bytes as they are asked for. */
final class TypedValues implements Iterator<Object> {
    private final Codec<Object> codec;
    private Values values;
    private IOException failure;

    TypedValues(Codec<Object> codec) {
        this.codec = codec;
    }

    TypedValues over(Values bytes) {
        values = bytes;
        return this;
    }

    /** What reading failed with; null when it did not. */
    IOException failure() {
        return failure;
    }

    @Override
    public boolean hasNext() {
        try {
            return values.hasNext();
        } catch (IOException e) {
            failure = e;
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        values.take();
        return codec.read(values.array(), values.start(), values.end());
    }
}
