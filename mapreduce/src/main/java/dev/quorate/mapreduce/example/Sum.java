package dev.quorate.mapreduce.example;

import dev.quorate.mapreduce.Combiner;
import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.util.Iterator;

/** The sum of a key's numbers; a combiner too. */
public final class Sum implements Combiner<Text, Long> {
    @Override
    public void reduce(Text key, Iterator<Long> numbers, Emitter<Text, Long> out) throws IOException {
        long sum = 0;
        while (numbers.hasNext()) {
            sum += numbers.next();
        }
        out.emit(key, sum);
    }
}
