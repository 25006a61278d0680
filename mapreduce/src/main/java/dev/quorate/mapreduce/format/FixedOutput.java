package dev.quorate.mapreduce.format;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.OutputFormat;
import dev.quorate.mapreduce.Text;
import java.io.OutputStream;

/** {@code fixed}: the bytes of key and value, one after the other, without separators. */
public final class FixedOutput implements OutputFormat<Text, Text> {
    @Override
    public Emitter<Text, Text> open(OutputStream file) {
        return (key, value) -> {
            file.write(key.array(), key.start(), key.length());
            file.write(value.array(), value.start(), value.length());
        };
    }
}
