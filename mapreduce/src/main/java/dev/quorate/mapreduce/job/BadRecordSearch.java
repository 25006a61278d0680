package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.command.CommandException;

/**
 * Finds the record on which a command ends badly, which the command does not tell: by halves, each given to a process of its own whose output is thrown away. So it takes
 * about as long as the attempt did.
 */
final class BadRecordSearch {
    static final long NONE = -1;

    private BadRecordSearch() {}

    /** Some of the records. */
    @FunctionalInterface
    interface Part {
        /**
         * Gives a fresh process the records of an attempt from one up to but not another.
         *
         * @throws CommandException when it ends badly
         */
        void run(long from, long to) throws Exception;
    }

    /**
     * @param records that the command failed on
     * @return the number of the one that it fails on by itself; {@link #NONE} when it fails on nothing at all, or on none alone
     */
    static long find(long records, Part part) throws Exception {
        if (records == 0 || fails(part, 0, 0)) {
            return NONE;
        }
        long from = 0;
        long to = records;
        while (to - from > 1) {
            long middle = (from + to) >>> 1;
            if (fails(part, from, middle)) {
                to = middle;
            } else {
                from = middle;
            }
        }
        return fails(part, from, to) ? from : NONE;
    }

    private static boolean fails(Part part, long from, long to) throws Exception {
        try {
            part.run(from, to);
            return false;
        } catch (CommandException e) {
            return true;
        }
    }
}
