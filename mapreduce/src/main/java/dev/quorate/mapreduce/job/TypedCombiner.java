package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.ByteSink;
import dev.quorate.mapreduce.Codec;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.engine.PairCombiner;
import dev.quorate.mapreduce.engine.Values;
import java.io.IOException;
import java.util.Arrays;

/** A user's combiner on bytes. */
final class TypedCombiner implements PairCombiner {
    private final String name;
    private final Reducer<Object, Object, Object, Object> combiner;
    private final Codec<Object> keyIn;
    private final Codec<Object> keyOut;
    private final Codec<Object> valueOut;
    private final TypedValues values;
    private final ByteSink emitted = new ByteSink();

    TypedCombiner(Job job, AttemptContext context) throws JobException, IOException {
        PairType type = job.combinerTakes();
        name = job.spec().combine().orElseThrow().describe();
        combiner = job.newCombiner();
        keyIn = Job.codec(type.key());
        keyOut = Job.codec(type.key());
        valueOut = Job.codec(type.value());
        values = new TypedValues(Job.codec(type.value()));
        try {
            combiner.open(context);
        } catch (Exception e) {
            throw new IOException("combiner " + name + " failed to open: " + Failures.describe(e), e);
        }
    }

    @Override
    public void combine(byte[] key, int keyStart, int keyEnd, Values bytes, Output out) throws IOException {
        try {
            combiner.reduce(keyIn.read(key, keyStart, keyEnd), values.over(bytes), (emittedKey, value) -> {
                emitted.truncate(0);
                keyOut.write(emittedKey, emitted);
                int valueStart = emitted.length();
                if (!Arrays.equals(emitted.array(), 0, valueStart, key, keyStart, keyEnd)) {
                    throw new IllegalStateException(
                            "a combiner emits only the key that it was given, not " + emittedKey);
                }
                valueOut.write(value, emitted);
                out.value(emitted.array(), valueStart, emitted.length());
            });
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(
                    "combiner " + name + " failed on key " + keyIn.read(key, keyStart, keyEnd) + ": "
                            + Failures.describe(e),
                    e);
        }
    }
}
