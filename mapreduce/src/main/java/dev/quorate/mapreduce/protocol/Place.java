package dev.quorate.mapreduce.protocol;

/**
 * A committed attempt, and where its worker serves its output: an element of {@code GET /committed}. The outputs of maps for a partition are
 * {@code POST /outputs/PARTITION} below its address, of the attempts that the body names, one a line. The answer is for each of them in turn: the length of its segment in bytes and the number of
 * its pairs (8 bytes each), then the segment. A length of -1, which ends the answer, says that there is no such output.
 */
public record Place(String attempt, String address) {
    public static final String OUTPUTS = "/outputs/";
    public static final long NO_OUTPUT = -1;
}
