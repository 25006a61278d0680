package dev.quorate.mapreduce.format;

import dev.quorate.mapreduce.InputFormat;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.util.List;

/** {@code pairs}. */
public final class PairLines implements InputFormat<Text, Text> {
    @Override
    public List<Split> splits(String input, long splitBytes) throws IOException {
        return InputFiles.splits(input, splitBytes, 1);
    }

    @Override
    public RecordReader<Text, Text> open(Split split) throws IOException {
        return new Records(split);
    }

    private static final class Records extends LineRecords<Text, Text> {
        private final Text key = new Text();
        private final Text value = new Text();

        private Records(Split split) throws IOException {
            super(split);
        }

        @Override
        public boolean next() throws IOException {
            if (!lines.next()) {
                return false;
            }
            byte[] array = lines.array();
            int tab = lines.start();
            while (tab < lines.end() && array[tab] != '\t') {
                tab++;
            }
            key.set(array, lines.start(), tab);
            value.set(array, Math.min(tab + 1, lines.end()), lines.end());
            return true;
        }

        @Override
        public Text key() {
            return key;
        }

        @Override
        public Text value() {
            return value;
        }
    }
}
