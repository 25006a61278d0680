package dev.quorate.mapreduce.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.mapreduce.ByteSink;
import dev.quorate.mapreduce.Codec;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The codec of a type: one of ours, or the constant {@code CODEC} of the class itself. */
public final class Codecs {
    private static final Map<Class<?>, Supplier<Codec<?>>> KNOWN = Map.of(
            Text.class, TextCodec::new,
            String.class, StringCodec::new,
            byte[].class, BytesCodec::new,
            Long.class, LongCodec::new,
            Integer.class, IntegerCodec::new,
            Double.class, DoubleCodec::new,
            Void.class, VoidCodec::new,
            JsonNode.class, JsonCodec::new);

    private Codecs() {}

    /** A codec for one use, or none when the type has none. */
    @SuppressWarnings("unchecked") // each is registered under its own type
    public static <T> Optional<Codec<T>> of(Class<T> type) {
        Supplier<Codec<?>> known = KNOWN.get(type);
        return known != null ? Optional.of((Codec<T>) known.get()) : declared(type);
    }

    @SuppressWarnings("unchecked") // a class that declares a codec of another type is told by the first cast
    private static <T> Optional<Codec<T>> declared(Class<T> type) {
        try {
            Field field = type.getField("CODEC");
            boolean usable = Modifier.isStatic(field.getModifiers()) && Codec.class.isAssignableFrom(field.getType());
            return usable ? Optional.of((Codec<T>) field.get(null)) : Optional.empty();
        } catch (NoSuchFieldException | IllegalAccessException e) {
            return Optional.empty();
        }
    }

    private static final class TextCodec implements Codec<Text> {
        private final Text text = new Text();

        @Override
        public void write(Text value, ByteSink out) {
            out.write(value.array(), value.start(), value.length());
        }

        @Override
        public Text read(byte[] bytes, int start, int end) {
            return text.set(bytes, start, end);
        }
    }

    private static final class StringCodec implements Codec<String> {
        @Override
        public void write(String value, ByteSink out) {
            out.write(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String read(byte[] bytes, int start, int end) {
            return new String(bytes, start, end - start, StandardCharsets.UTF_8);
        }
    }

    private static final class BytesCodec implements Codec<byte[]> {
        @Override
        public void write(byte[] value, ByteSink out) {
            out.write(value);
        }

        @Override
        public byte[] read(byte[] bytes, int start, int end) {
            return Arrays.copyOfRange(bytes, start, end);
        }
    }

    private static final class LongCodec implements Codec<Long> {
        @Override
        public void write(Long value, ByteSink out) {
            OrderedLong.write(value, out);
        }

        @Override
        public Long read(byte[] bytes, int start, int end) {
            return OrderedLong.read(bytes, start);
        }
    }

    private static final class IntegerCodec implements Codec<Integer> {
        @Override
        public void write(Integer value, ByteSink out) {
            OrderedLong.write(value, out);
        }

        @Override
        public Integer read(byte[] bytes, int start, int end) {
            return (int) OrderedLong.read(bytes, start);
        }
    }

    private static final class DoubleCodec implements Codec<Double> {
        @Override
        public void write(Double value, ByteSink out) {
            long bits = Double.doubleToLongBits(value);
            out.writeLong(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
        }

        @Override
        public Double read(byte[] bytes, int start, int end) {
            long bits = 0;
            for (int i = start; i < end; i++) {
                bits = bits << 8 | bytes[i] & 0xFF;
            }
            return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
        }
    }

    private static final class VoidCodec implements Codec<Void> {
        @Override
        public void write(Void value, ByteSink out) {}

        @Override
        public Void read(byte[] bytes, int start, int end) {
            return null;
        }
    }

    private static final class JsonCodec implements Codec<JsonNode> {
        private static final ObjectMapper JSON = new ObjectMapper();

        @Override
        public void write(JsonNode value, ByteSink out) {
            try {
                out.write(JSON.writeValueAsBytes(value));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public JsonNode read(byte[] bytes, int start, int end) {
            try {
                return JSON.readTree(bytes, start, end - start);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
