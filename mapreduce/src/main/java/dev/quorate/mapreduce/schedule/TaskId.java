package dev.quorate.mapreduce.schedule;

import java.util.Locale;

/** A task of a job. Tasks of a kind are numbered from 0. */
public record TaskId(Kind kind, int index) {
    /** In the order in which a job goes through them. */
    public enum Kind {
        MAP,
        REDUCE,
        PUBLISH;

        private final String label = name().toLowerCase(Locale.ROOT);

        public String label() {
            return label;
        }
    }

    private static final int DIGITS = 5;

    public static final TaskId PUBLISH = new TaskId(Kind.PUBLISH, 0);

    public static TaskId map(int index) {
        return new TaskId(Kind.MAP, index);
    }

    public static TaskId reduce(int index) {
        return new TaskId(Kind.REDUCE, index);
    }

    /** Reads what {@link #toString} wrote. */
    public static TaskId parse(String text) {
        int dash = text.indexOf('-');
        return new TaskId(
                Kind.valueOf(text.substring(0, dash).toUpperCase(Locale.ROOT)),
                Integer.parseInt(text.substring(dash + 1)));
    }

    /** {@code map-00042}. Without a formatter: a coordinator names tasks more often than it does anything else. */
    @Override
    public String toString() {
        String number = Integer.toString(index);
        return kind.label() + "-" + "0".repeat(Math.max(0, DIGITS - number.length())) + number;
    }
}
