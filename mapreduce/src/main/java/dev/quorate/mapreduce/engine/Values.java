package dev.quorate.mapreduce.engine;

import java.io.IOException;

/** The values of one key, one at a time: a range of an array, valid until the next call of {@link #hasNext}. */
public interface Values {
    boolean hasNext() throws IOException;

    /** Takes the next value; only after {@link #hasNext} said that there is one. */
    void take();

    byte[] array();

    int start();

    int end();
}
