package dev.quorate.mapreduce.format;

import dev.quorate.mapreduce.InputFormat;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.Text;
import dev.quorate.mapreduce.engine.FileRange;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code fixed:K,V}. */
public final class FixedPairs implements InputFormat<Text, Text> {
    private static final int BUFFER_RECORDS_BYTES = 256 << 10;

    private final int keyBytes;
    private final int recordBytes;

    public FixedPairs(int keyBytes, int valueBytes) {
        this.keyBytes = keyBytes;
        this.recordBytes = keyBytes + valueBytes;
    }

    @Override
    public List<Split> splits(String input, long splitBytes) throws IOException {
        return InputFiles.splits(input, splitBytes, recordBytes);
    }

    @Override
    public RecordReader<Text, Text> open(Split split) {
        return new Records(split);
    }

    private final class Records implements RecordReader<Text, Text> {
        private final FileRange file;
        private final long totalBytes;
        private final byte[] buffer = new byte[Math.max(1, BUFFER_RECORDS_BYTES / recordBytes) * recordBytes];
        private final Text key = new Text();
        private final Text value = new Text();
        private long readBytes;
        private int bufferEnd;
        private int at;

        private Records(Split split) {
            totalBytes = split.end() - split.start();
            file = new FileRange(Path.of(split.source()), split.start(), totalBytes);
        }

        @Override
        public boolean next() throws IOException {
            if (at == bufferEnd) {
                bufferEnd = file.readNBytes(buffer, 0, buffer.length);
                readBytes += bufferEnd;
                at = 0;
                if (bufferEnd == 0) {
                    return false;
                }
                if (bufferEnd % recordBytes != 0) {
                    throw new EOFException("the input ends within a record");
                }
            }
            key.set(buffer, at, at + keyBytes);
            value.set(buffer, at + keyBytes, at + recordBytes);
            at += recordBytes;
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

        @Override
        public double progress() {
            return totalBytes == 0 ? 1 : (double) (readBytes - bufferEnd + at) / totalBytes;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
