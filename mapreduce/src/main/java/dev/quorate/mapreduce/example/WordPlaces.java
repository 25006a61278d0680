package dev.quorate.mapreduce.example;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.Text;
import java.io.IOException;

/** Each word of a document with the document's key: the map of an inverted index. */
public final class WordPlaces implements Mapper<Text, Text, Text, Text> {
    private final Words words = new Words();

    @Override
    public void map(Text document, Text content, Emitter<Text, Text> out) throws IOException {
        words.map(0L, content, (word, one) -> out.emit(word, document));
    }
}
