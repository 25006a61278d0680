package dev.quorate.mapreduce.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Partitions as ranges of keys in order, so that the output files, one after the other, are in order as a whole.
 *
 * @param firstKeys of every partition but the first, as bytes, in order
 */
public record RangeCuts(List<byte[]> firstKeys) {
    public RangeCuts {
        firstKeys = List.copyOf(firstKeys);
    }

    /** Cuts that give each partition about as many keys of a sample, which this sorts. */
    static RangeCuts of(List<byte[]> sample, int partitions) {
        sample.sort(Arrays::compareUnsigned);
        List<byte[]> cuts = new ArrayList<>();
        for (int i = 1; i < partitions && !sample.isEmpty(); i++) {
            byte[] cut = sample.get((int) ((long) i * sample.size() / partitions));
            if (cuts.isEmpty() || Arrays.compareUnsigned(cuts.getLast(), cut) < 0) {
                cuts.add(cut);
            }
        }
        return new RangeCuts(cuts);
    }

    int partition(byte[] key, int length) {
        int low = 0;
        int high = firstKeys.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            byte[] first = firstKeys.get(middle);
            if (Arrays.compareUnsigned(key, 0, length, first, 0, first.length) < 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
