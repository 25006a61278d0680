package dev.quorate.mapreduce;

/** A record that is not what its input format says. It counts as a record that the mapper fails on: it may be skipped. */
public final class MalformedRecordException extends RuntimeException {
    private final String record;

    /**
     * @param record as it is in the input
     */
    public MalformedRecordException(String message, String record) {
        super(message);
        this.record = record;
    }

    public String record() {
        return record;
    }
}
