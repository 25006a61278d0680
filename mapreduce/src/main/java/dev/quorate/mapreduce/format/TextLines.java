package dev.quorate.mapreduce.format;

import dev.quorate.mapreduce.InputFormat;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.util.List;

/** {@code text}. */
public final class TextLines implements InputFormat<Long, Text> {
    @Override
    public List<Split> splits(String input, long splitBytes) throws IOException {
        return InputFiles.splits(input, splitBytes, 1);
    }

    @Override
    public RecordReader<Long, Text> open(Split split) throws IOException {
        return new Records(split);
    }

    private static final class Records extends LineRecords<Long, Text> {
        private final Text line = new Text();

        private Records(Split split) throws IOException {
            super(split);
        }

        @Override
        public Long key() {
            return lines.offset();
        }

        @Override
        public Text value() {
            return line.set(lines.array(), lines.start(), lines.end());
        }
    }
}
