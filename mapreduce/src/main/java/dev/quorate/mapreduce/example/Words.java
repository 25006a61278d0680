package dev.quorate.mapreduce.example;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.Text;
import java.io.IOException;

/** Each word of a line, as what lies between blanks, with the number 1. */
public final class Words implements Mapper<Long, Text, Text, Long> {
    private final Text word = new Text();

    @Override
    public void map(Long offset, Text line, Emitter<Text, Long> out) throws IOException {
        byte[] bytes = line.array();
        int end = line.end();
        int start = line.start();
        while (start < end) {
            if (blank(bytes[start])) {
                start++;
                continue;
            }
            int wordEnd = start + 1;
            while (wordEnd < end && !blank(bytes[wordEnd])) {
                wordEnd++;
            }
            out.emit(word.set(bytes, start, wordEnd), 1L);
            start = wordEnd;
        }
    }

    private static boolean blank(byte character) {
        return character == ' ' || character >= '\t' && character <= '\r';
    }
}
