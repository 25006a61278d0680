package dev.quorate.mapreduce;

import java.io.IOException;
import java.util.List;

/** Cuts an input into splits, and reads records from one (section 4.4). */
public interface InputFormat<K, V> {
    /**
     * @param input as the job names it
     * @param splitBytes size wanted
     * @throws IOException when there is no such input, or it can't be read; the message is for people
     */
    List<Split> splits(String input, long splitBytes) throws IOException;

    RecordReader<K, V> open(Split split) throws IOException;
}
