package dev.quorate.mapreduce.format;

import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import java.io.IOException;

/** What the formats made of lines have in common. */
abstract class LineRecords<K, V> implements RecordReader<K, V> {
    final LineReader lines;

    LineRecords(Split split) throws IOException {
        lines = new LineReader(split);
    }

    @Override
    public boolean next() throws IOException {
        return lines.next();
    }

    @Override
    public double progress() {
        return lines.progress();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
