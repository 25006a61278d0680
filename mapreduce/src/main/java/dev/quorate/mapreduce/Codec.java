package dev.quorate.mapreduce;

/**
 * How a type is written down as bytes and read back. Keys come to reducers in the order of their bytes, compared as unsigned numbers, so the codec of a key
 * decides their order; two keys are the same when their bytes are. The codecs of this package keep the natural order. An instance is for one use on one
 * thread.
 */
public interface Codec<T> {
    void write(T value, ByteSink out);

    /** Reads a value that takes all bytes of a range. The array may change after the call; what this returned may be returned again, changed. */
    T read(byte[] bytes, int start, int end);
}
