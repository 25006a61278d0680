package dev.quorate.cli.nemesis;

import dev.quorate.history.Operation;

/** The cluster as one of its clients' libraries shows it. Performs get, put, delete, compare-and-set and increment. */
interface Store extends AutoCloseable {
    Answer perform(Operation operation);

    @Override
    void close();
}
