package dev.quorate.mapreduce.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.mapreduce.Counters;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.RangeCuts;
import dev.quorate.mapreduce.schedule.AttemptId;
import dev.quorate.mapreduce.schedule.TaskId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** The state of one job in a store. Safe for many threads: the store decides who of them changes a task first. */
public final class JobTable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Splits in one value; each takes some hundred bytes of the mebibyte that a value may have. */
    private static final int SPLITS_OF_PIECE = 1000;

    private static final String SPEC = "spec";
    private static final String PLAN = "plan";
    private static final String COORDINATOR = "coordinator";
    private static final String TASK = "task/";
    private static final String OUTCOME = "outcome";

    private static final int REASON_CHARACTERS_MAX = 10_000;

    private final Store store;
    private final String name;
    private final String job;
    private volatile String id;
    /** Each task as this table last read or wrote it. */
    private final Map<TaskId, Known> known = new ConcurrentHashMap<>();

    private record Known(long version, TaskRecord record) {
        private static final Known ABSENT = new Known(0, TaskRecord.NEW);

        private Known newerOf(Known other) {
            return other.version > version ? other : this;
        }
    }

    public JobTable(Store store, String name) {
        this.store = store;
        this.name = name;
        this.job = "{mr:" + name + "}";
    }

    /** The job's name in the store. */
    public String name() {
        return name;
    }

    /**
     * What sets this job apart from all others, those that had its name before included. Its keys hold it: whoever still works for a job that was deleted finds and changes
     * nothing of the one that has the name now. Empty when there is no such job.
     */
    public String id() throws IOException {
        if (id == null) {
            specRecord();
        }
        return id == null ? "" : id;
    }

    private Optional<SpecRecord> specRecord() throws IOException {
        Optional<Store.Value> found = store.get(job + SPEC);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        SpecRecord spec = read(found.get().bytes(), SpecRecord.class);
        if (id == null) {
            id = spec.id();
        }
        return id.equals(spec.id()) ? Optional.of(spec) : Optional.empty();
    }

    private String key(String name) throws IOException {
        return job + id() + "/" + name;
    }

    /**
     * The parts of a job.
     *
     * @param cuts empty for a job that is not partitioned by range
     */
    public record Plan(List<Split> splits, Optional<RangeCuts> cuts) {}

    /**
     * @param planner whose pieces they are; another one, that died before it could write this, may have left some
     * @param pieces of the splits that are under further keys
     */
    private record PlanRecord(String planner, int pieces, boolean ranges, List<byte[]> firstKeys) {}

    /** Who coordinates a job. */
    public record Coordinator(int epoch, String address) {}

    /**
     * How a job ended.
     *
     * @param reason empty when it succeeded
     */
    public record Outcome(boolean succeeded, String reason) {
        /** Of a job that is not in the store any more. */
        public static final Outcome DELETED = new Outcome(false, "it was deleted");
    }

    /** Whether there is no such job, or none any more; one of the same name that came later is another. */
    public boolean gone() throws IOException {
        return specRecord().isEmpty();
    }

    /** Puts a job into the store. False when there is one of that name. */
    public boolean submit(JobSpec spec) throws IOException {
        return store.compareAndSet(job + SPEC, 0, write(SpecRecord.of(random(), spec)))
                .isPresent();
    }

    private static String random() {
        return Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
    }

    /** @throws JobException when there is no such job */
    public JobSpec spec() throws JobException, IOException {
        return specRecord()
                .map(SpecRecord::spec)
                .orElseThrow(() -> new JobException("there is no job " + name + " in the cluster."));
    }

    /** Writes the plan down, unless there is one; the first key comes last, since it says that the others are there. */
    public void plan(Plan plan) throws IOException {
        String planner = random();
        int pieces = 0;
        for (int from = 0; from < plan.splits().size(); from += SPLITS_OF_PIECE) {
            List<Split> piece = plan.splits()
                    .subList(
                            from, Math.min(from + SPLITS_OF_PIECE, plan.splits().size()));
            create(piece(planner, ++pieces), piece.toArray(Split[]::new));
        }
        create(
                PLAN,
                new PlanRecord(
                        planner,
                        pieces,
                        plan.cuts().isPresent(),
                        plan.cuts().map(RangeCuts::firstKeys).orElse(List.of())));
    }

    private static String piece(String planner, int number) {
        return "%s/%s/%05d".formatted(PLAN, planner, number);
    }

    public Optional<Plan> plan() throws IOException {
        Optional<Store.Value> head = store.get(key(PLAN));
        if (head.isEmpty()) {
            return Optional.empty();
        }
        PlanRecord plan = read(head.get().bytes(), PlanRecord.class);
        List<Split> splits = new ArrayList<>();
        for (int i = 1; i <= plan.pieces(); i++) {
            Store.Value piece = store.get(key(piece(plan.planner(), i)))
                    .orElseThrow(() -> new IOException("the job's plan is being deleted"));
            splits.addAll(List.of(read(piece.bytes(), Split[].class)));
        }
        return Optional.of(
                new Plan(splits, plan.ranges() ? Optional.of(new RangeCuts(plan.firstKeys())) : Optional.empty()));
    }

    /** Takes the job over from whoever coordinates it. Returns the epoch, which nobody else has. */
    public int claim(String address) throws IOException {
        while (true) {
            Optional<Store.Value> before = store.get(key(COORDINATOR));
            int epoch = before.isEmpty()
                    ? 1
                    : read(before.get().bytes(), Coordinator.class).epoch() + 1;
            long version = before.map(Store.Value::version).orElse(0L);
            if (store.compareAndSet(key(COORDINATOR), version, write(new Coordinator(epoch, address)))
                    .isPresent()) {
                return epoch;
            }
        }
    }

    public Optional<Coordinator> coordinator() throws IOException {
        Optional<Store.Value> found = store.get(key(COORDINATOR));
        return found.isEmpty() ? Optional.empty() : Optional.of(read(found.get().bytes(), Coordinator.class));
    }

    /** All tasks that anything is known of. */
    public Map<TaskId, TaskRecord> tasks() throws IOException {
        String prefix = key(TASK);
        for (Store.Entry entry : store.scan(prefix)) {
            learn(TaskId.parse(entry.key().substring(prefix.length())), entry.value());
        }
        Map<TaskId, TaskRecord> tasks = new HashMap<>();
        known.forEach((task, now) -> tasks.put(task, now.record()));
        return tasks;
    }

    private void learn(TaskId task, Store.Value value) throws IOException {
        learn(task, new Known(value.version(), read(value.bytes(), TaskRecord.class)));
    }

    private void learn(TaskId task, Known now) {
        known.merge(task, now, Known::newerOf);
    }

    /** Makes an attempt the one that counts. Returns the one that does: another one, if that came first. */
    public TaskRecord.Committed commit(AttemptId attempt, TaskRecord.Committed result) throws IOException {
        return change(attempt.task(), task -> task.open() ? task.with(result) : task)
                .committed();
    }

    /** Opens a task again, if that attempt is the one that counts. */
    public void reopen(AttemptId attempt) throws IOException {
        change(
                attempt.task(),
                task -> task.committed() != null && task.committed().attempt().equals(attempt.toString())
                        ? task.withoutOutput()
                        : task);
    }

    public void failed(TaskId task, int failures, List<Long> skipped) throws IOException {
        change(task, record -> record.withFailures(failures, skipped));
    }

    /** Applies a change to what the store holds; again, on what it holds then, when another one was faster. */
    private TaskRecord change(TaskId task, UnaryOperator<TaskRecord> change) throws IOException {
        String key = key(TASK + task);
        while (true) {
            Known before = known.getOrDefault(task, Known.ABSENT);
            TaskRecord after = change.apply(before.record());
            if (after.equals(before.record())) {
                return after;
            }
            Optional<Long> version = store.compareAndSet(key, before.version(), write(after));
            if (version.isPresent()) {
                learn(task, new Known(version.get(), after));
                return after;
            }
            Optional<Store.Value> now = store.get(key);
            if (now.isPresent()) {
                learn(task, now.get());
            }
        }
    }

    /** The records of all tasks, as this table last read or wrote them. */
    public Collection<TaskRecord> known() {
        return known.values().stream().map(Known::record).toList();
    }

    public TaskRecord task(TaskId task) {
        return known.getOrDefault(task, Known.ABSENT).record();
    }

    /** Ends the job, unless it has ended. Returns how it did. */
    public Outcome end(Outcome outcome) throws IOException {
        String reason = outcome.reason();
        create(
                OUTCOME,
                reason.length() <= REASON_CHARACTERS_MAX
                        ? outcome
                        : new Outcome(outcome.succeeded(), reason.substring(0, REASON_CHARACTERS_MAX) + " ..."));
        return outcome().orElseThrow(() -> new IOException("the job is being deleted"));
    }

    public Optional<Outcome> outcome() throws IOException {
        Optional<Store.Value> found = store.get(key(OUTCOME));
        return found.isEmpty() ? Optional.empty() : Optional.of(read(found.get().bytes(), Outcome.class));
    }

    /**
     * How much of a job was committed.
     *
     * @param maps all of them; 0 before there is a plan
     * @param counters of all tasks that were; a map whose output was lost later, when nobody needed it any more, counts
     */
    public record Totals(
            int maps,
            int committedMaps,
            int committedReduces,
            int skippedRecords,
            SortedMap<String, SortedMap<String, Long>> counters) {}

    /** Reads all tasks: for a job that has ended, when there is no coordinator to ask. */
    public Totals totals() throws IOException {
        int[] committed = new int[TaskId.Kind.values().length];
        int skippedRecords = 0;
        Counters counters = new Counters();
        for (Map.Entry<TaskId, TaskRecord> entry : tasks().entrySet()) {
            TaskRecord task = entry.getValue();
            if (task.committed() != null) {
                committed[entry.getKey().kind().ordinal()]++;
                skippedRecords += task.skipped().size();
                counters.add(task.committed().counters());
            }
        }
        return new Totals(
                plan().map(plan -> plan.splits().size()).orElse(0),
                committed[TaskId.Kind.MAP.ordinal()],
                committed[TaskId.Kind.REDUCE.ordinal()],
                skippedRecords,
                counters.values());
    }

    /** Removes all that the store holds of the job, and of those before it that had its name; its description last. */
    public void delete() throws IOException {
        for (Store.Entry entry : store.scan(job)) {
            if (!entry.key().equals(job + SPEC)) {
                store.delete(entry.key());
            }
        }
        store.delete(job + SPEC);
    }

    private void create(String name, Object value) throws IOException {
        store.compareAndSet(key(name), 0, write(value));
    }

    private static byte[] write(Object value) throws IOException {
        return JSON.writeValueAsBytes(value);
    }

    private static <T> T read(byte[] bytes, Class<T> type) throws IOException {
        return JSON.readValue(bytes, type);
    }
}
