package dev.quorate.bench;

import dev.quorate.mapreduce.InputFormat;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** As many splits as the input's name says, which nobody reads: for jobs of which only the coordinator is measured. */
final class ManySplits implements InputFormat<Text, Text> {
    @Override
    public List<Split> splits(String input, long splitBytes) {
        return IntStream.range(0, Integer.parseInt(input))
                .mapToObj(number -> new Split("/a/directory/of/some/input/file-" + number, 0, splitBytes, List.of()))
                .toList();
    }

    @Override
    public RecordReader<Text, Text> open(Split split) throws IOException {
        throw new IOException(split.describe() + " is not there to be read");
    }
}
