package dev.quorate.mapreduce.example;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.util.Iterator;
import java.util.SortedSet;
import java.util.TreeSet;

/** The different values of a key, in order, with commas between: the reduce of an inverted index. */
public final class JoinTexts implements Reducer<Text, Text, Text, String> {
    @Override
    public void reduce(Text key, Iterator<Text> values, Emitter<Text, String> out) throws IOException {
        SortedSet<String> different = new TreeSet<>();
        while (values.hasNext()) {
            different.add(values.next().toString());
        }
        out.emit(key, String.join(",", different));
    }
}
