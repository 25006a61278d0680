package dev.quorate.mapreduce.job;

/** The types of the keys and the values at one place of a job. */
record PairType(Class<?> key, Class<?> value) {
    boolean readableAs(PairType other) {
        return Types.readableAs(key, other.key) && Types.readableAs(value, other.value);
    }

    boolean usableAs(PairType other) {
        return Types.usableAs(key, other.key) && Types.usableAs(value, other.value);
    }

    @Override
    public String toString() {
        return "(" + key.getSimpleName() + ", " + value.getSimpleName() + ")";
    }
}
