package dev.quorate.mapreduce.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.mapreduce.ByteSink;
import dev.quorate.mapreduce.Codec;
import dev.quorate.mapreduce.Combiner;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.Text;
import dev.quorate.mapreduce.example.Sum;
import dev.quorate.mapreduce.example.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodecsTest {
    @Test
    void numbersKeepTheirOrderAndComeBack() {
        List<Long> numbers =
                new ArrayList<>(List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, -1L, 119L, 120L, -120L, -121L));
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            numbers.add(random.nextLong() >> random.nextInt(64));
        }
        keepOrder(Long.class, numbers);
    }

    @Test
    void fractionsKeepTheirOrderAndComeBack() {
        List<Double> numbers = new ArrayList<>(List.of(
                Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 0.0, -0.0, Double.MIN_VALUE, Double.NaN, -1.5));
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            numbers.add(random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30));
        }
        keepOrder(Double.class, numbers);
    }

    @Test
    void wordsKeepTheOrderOfTheirCodePoints() {
        keepOrder(String.class, List.of("", "a", "ab", "b", "\u00e4", "\uffee"));
    }

    private static <T extends Comparable<T>> void keepOrder(Class<T> type, List<T> values) {
        Codec<T> codec = Codecs.of(type).orElseThrow();
        List<T> sorted = values.stream().sorted().toList();
        byte[] last = {};
        for (T value : sorted) {
            ByteSink sink = new ByteSink();
            codec.write(value, sink);
            byte[] bytes = Arrays.copyOf(sink.array(), sink.length());
            assertThat(codec.read(bytes, 0, bytes.length)).isEqualTo(value);
            assertThat(Arrays.compareUnsigned(last, bytes)).as("%s", value).isLessThanOrEqualTo(0);
            last = bytes;
        }
    }

    /** A class of a user's own. */
    public record Point(int x) {
        public static final Codec<Point> CODEC = new Codec<>() {
            @Override
            public void write(Point value, ByteSink out) {
                out.writeByte(value.x());
            }

            @Override
            public Point read(byte[] bytes, int start, int end) {
                return new Point(bytes[start]);
            }
        };
    }

    @Test
    void aClassBringsItsCodec() {
        assertThat(Codecs.of(Point.class)).contains(Point.CODEC);
        assertThat(Codecs.of(Thread.class)).isEmpty();
    }

    /** Leaves its value open, and its parent's key. */
    abstract static class Half<K> implements Mapper<Long, K, K, byte[]> {}

    abstract static class Whole extends Half<Text> {}

    @Test
    void typesAreFoundThroughParents() {
        assertThat(TypeArguments.of(Words.class, Mapper.class))
                .contains(List.of(Long.class, Text.class, Text.class, Long.class));
        assertThat(TypeArguments.of(Sum.class, Reducer.class))
                .contains(List.of(Text.class, Long.class, Text.class, Long.class));
        assertThat(TypeArguments.of(Sum.class, Combiner.class)).contains(List.of(Text.class, Long.class));
        assertThat(TypeArguments.of(Whole.class, Mapper.class))
                .contains(List.of(Long.class, Text.class, Text.class, byte[].class));
        Mapper<Long, Text, Text, Long> lambda = (key, value, out) -> {};
        assertThat(TypeArguments.of(lambda.getClass(), Mapper.class)).isEmpty();
        assertThat(TypeArguments.of(Half.class, Mapper.class)).isEmpty();
    }
}
