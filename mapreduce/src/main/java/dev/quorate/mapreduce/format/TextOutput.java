package dev.quorate.mapreduce.format;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.OutputFormat;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** {@code text}: a line for each pair: key, tab, value. No tab where key or value is null or empty text. Bytes are written as they are. */
public final class TextOutput implements OutputFormat<Object, Object> {
    @Override
    public Emitter<Object, Object> open(OutputStream file) {
        return (key, value) -> {
            if (write(key, file) & !empty(value)) {
                file.write('\t');
            }
            write(value, file);
            file.write('\n');
        };
    }

    private static boolean empty(Object value) {
        return value == null || value instanceof Text text && text.length() == 0;
    }

    private static boolean write(Object value, OutputStream file) throws IOException {
        switch (value) {
            case null -> {}
            case Text text -> file.write(text.array(), text.start(), text.length());
            case byte[] bytes -> file.write(bytes);
            default -> file.write(value.toString().getBytes(StandardCharsets.UTF_8));
        }
        return !empty(value);
    }
}
