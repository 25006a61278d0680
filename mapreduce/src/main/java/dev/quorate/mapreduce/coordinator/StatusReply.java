package dev.quorate.mapreduce.coordinator;

import dev.quorate.mapreduce.schedule.JobStatus;
import java.util.Map;
import java.util.SortedMap;

/**
 * How far a job is: {@code GET /status}.
 *
 * @param counters of all committed tasks, by group and name
 */
public record StatusReply(JobStatus status, Map<String, SortedMap<String, Long>> counters) {}
