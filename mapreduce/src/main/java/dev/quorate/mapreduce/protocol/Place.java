package dev.quorate.mapreduce.protocol;

/**
 * A committed attempt, and where its worker serves its output: an element of {@code GET /committed}. The output of a map for a partition is
 * {@code GET /output/ATTEMPT/PARTITION} there, with the number of pairs in the header {@code quorate-pairs}.
 */
public record Place(String attempt, String address) {
    public static final String PAIRS_HEADER = "quorate-pairs";
}
