package dev.quorate.operator.mapreduce;

/** Something to do about a job. */
public sealed interface JobStep {
    /** Put its description into the cluster. */
    record Submit() implements JobStep {}

    /** Make its workers' Job, or make it what it shall be. */
    record ApplyWorkers() implements JobStep {}

    record ApplyCoordinator(boolean running) implements JobStep {}

    /** End it in the cluster, for workers that can't. */
    record Fail(String reason) implements JobStep {}

    record RemoveCoordinator() implements JobStep {}

    record RemoveWorkers() implements JobStep {}

    /** The MapReduceJob has outlived its end by what it asked for. */
    record DeleteResource() implements JobStep {}
}
