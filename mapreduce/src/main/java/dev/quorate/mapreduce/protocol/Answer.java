package dev.quorate.mapreduce.protocol;

import java.util.List;

/**
 * A coordinator's answer.
 *
 * @param acknowledged attempts whose end need not be reported again
 * @param ended whether the job has
 */
public record Answer(int epoch, List<Start> start, List<String> cancel, List<String> acknowledged, boolean ended) {
    /**
     * @param skip numbers of the records to leave out, in order
     */
    public record Start(String attempt, List<Long> skip) {}
}
