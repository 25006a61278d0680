package dev.quorate.mapreduce.coordinator;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.mapreduce.Counters;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.LastWords;
import dev.quorate.mapreduce.job.OutputDirectory;
import dev.quorate.mapreduce.job.Publication;
import dev.quorate.mapreduce.protocol.Answer;
import dev.quorate.mapreduce.protocol.Exchange;
import dev.quorate.mapreduce.protocol.Exchange.Report;
import dev.quorate.mapreduce.protocol.Place;
import dev.quorate.mapreduce.schedule.AttemptId;
import dev.quorate.mapreduce.schedule.Decision;
import dev.quorate.mapreduce.schedule.Event;
import dev.quorate.mapreduce.schedule.JobStatus;
import dev.quorate.mapreduce.schedule.Policy;
import dev.quorate.mapreduce.schedule.Scheduler;
import dev.quorate.mapreduce.schedule.TaskId;
import dev.quorate.mapreduce.table.JobTable;
import dev.quorate.mapreduce.table.TaskRecord;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Coordinates one job, from wherever the one before it came to, to the job's end. */
public final class Coordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long TICK_MILLIS = 500;

    private final String name;
    private final CoordinatorServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String address;
    private final long startedNanos = System.nanoTime();

    private final JobTable table;
    private final JobSpec spec;
    private final OutputDirectory output;
    private final int epoch;
    private final int maps;

    // All below is guarded by this.
    private final Scheduler scheduler;
    private final Map<String, List<String>> cancels = new HashMap<>();
    /** What has been decided and is to be written down, in this order; what the store does not take stays. */
    private final Queue<Write> writes = new ArrayDeque<>();

    private JobTable.Outcome outcome;
    private boolean closed;

    /**
     * Takes a job over, or begins it.
     *
     * @param host under which workers reach this process
     * @param nodeByHost what workers call the nodes that the input's hosts are on; only the coordinator that begins the job asks, for then the splits are in its table
     * @throws JobException when the job can't be run; the table then says so too
     */
    public static Coordinator start(
            JobTable table, JobSpec spec, String host, Map<String, String> nodeByHost, Policy policy)
            throws JobException, IOException {
        return new Coordinator(table, spec, Planner.plan(table, spec, nodeByHost), host, policy);
    }

    private Coordinator(JobTable table, JobSpec spec, JobTable.Plan plan, String host, Policy policy)
            throws IOException {
        this.table = table;
        this.name = table.name();
        this.spec = spec;
        this.output = new OutputDirectory(spec.output(), table.id());
        this.maps = plan.splits().size();
        server = new CoordinatorServer(name, threads);
        server.handle("exchange", this::exchange);
        server.handle("committed", ignored -> committed());
        server.handle("status", ignored -> new StatusReply(status(), counters()));
        address = server.address(host);
        epoch = table.claim(address);
        scheduler = new Scheduler(
                policy.withSkippedMax(spec.skipBadRecords()),
                epoch,
                plan.splits().stream().map(Split::preferredNodes).toList(),
                spec.reducers());
        outcome = table.outcome().orElse(null);
        restore();
        server.start();
        threads.execute(this::tick);
        LOG.info(
                "event=coordinating job={} epoch={} address={} maps={} reduces={}",
                name,
                epoch,
                address,
                maps,
                spec.reducers());
    }

    /** Goes on from the table. The coordinator before may have died between the last commit and the outcome. */
    private void restore() throws IOException {
        for (Map.Entry<TaskId, TaskRecord> entry : table.tasks().entrySet()) {
            TaskRecord record = entry.getValue();
            scheduler.restore(entry.getKey(), record.failures(), record.skipped());
            if (!record.open()) {
                AttemptId attempt = AttemptId.parse(record.committed().attempt());
                on(new Event.Committed(0, attempt, record.committed().worker()));
            }
        }
    }

    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    }

    private Answer exchange(byte[] body) throws IOException {
        Exchange exchange = JSON.readValue(body, Exchange.class);
        for (Report finished : heard(exchange)) {
            commit(exchange, finished);
        }
        return answer(exchange);
    }

    /** Takes in what a worker says. Returns what is to be committed, which is done without holding up others. */
    private synchronized List<Report> heard(Exchange exchange) throws IOException {
        if (closed) {
            throw new IOException("this coordinator has ended");
        }
        List<Report> finished = new ArrayList<>();
        forgetUnreported(exchange);
        for (Report report : exchange.reports()) {
            if (report(exchange.worker(), report).stream().anyMatch(Decision.Commit.class::isInstance)) {
                finished.add(report);
            }
        }
        return finished;
    }

    private synchronized Answer answer(Exchange exchange) throws IOException {
        List<Answer.Start> starts = new ArrayList<>();
        for (Decision decision :
                on(new Event.Ask(nowMillis(), exchange.worker(), exchange.node(), exchange.freeSlots()))) {
            if (decision instanceof Decision.Start start) {
                starts.add(new Answer.Start(start.attempt().toString(), start.skip()));
            }
        }
        List<String> acknowledged = exchange.reports().stream()
                .filter(report -> report.state() != Exchange.State.RUNNING)
                .map(Report::attempt)
                .toList();
        List<String> cancel = cancels.remove(exchange.worker());
        return new Answer(epoch, starts, cancel == null ? List.of() : cancel, acknowledged, outcome != null);
    }

    /** What a worker was told to start, and does not report, it never heard of, or has forgotten with its death. */
    private void forgetUnreported(Exchange exchange) throws IOException {
        Set<String> reported = exchange.reports().stream().map(Report::attempt).collect(Collectors.toSet());
        for (AttemptId attempt : scheduler.runningOn(exchange.worker())) {
            if (!reported.contains(attempt.toString())) {
                on(new Event.Lost(nowMillis(), attempt));
            }
        }
    }

    private List<Decision> report(String worker, Report report) throws IOException {
        AttemptId attempt = AttemptId.parse(report.attempt());
        long now = nowMillis();
        return switch (report.state()) {
            case RUNNING ->
                on(new Event.Running(now, attempt, worker, report.progress(), report.records(), report.status()));
            case FINISHED -> on(new Event.Finished(now, attempt, worker));
            case FAILED -> {
                List<Decision> decisions = on(new Event.Failed(now, attempt, report.records(), report.reason()));
                writes.add(() -> writeFailures(attempt.task()));
                writeDown();
                LOG.info(
                        "event=attempt-failed job={} attempt={} worker={} reason=\"{}\"",
                        name,
                        attempt,
                        worker,
                        report.reason());
                yield decisions;
            }
            case LOST -> {
                if (report.lostOutput() != null) {
                    on(new Event.OutputLost(now, AttemptId.parse(report.lostOutput())));
                }
                yield on(new Event.Lost(now, attempt));
            }
        };
    }

    /** A change of the table that may be made again when it is not known whether it was. */
    @FunctionalInterface
    private interface Write {
        void make() throws IOException;
    }

    /**
     * Tells the scheduler, and does what it decides, but for starts and commits, which are the caller's.
     *
     * @throws IOException when the store does not take what was decided, now or before; it is written with the next event
     */
    private List<Decision> on(Event event) throws IOException {
        writeDown();
        if (outcome != null) {
            return List.of();
        }
        List<Decision> decisions = decide(event);
        writeDown();
        return decisions;
    }

    private List<Decision> decide(Event event) {
        List<Decision> decisions = scheduler.on(event);
        for (Decision decision : decisions) {
            switch (decision) {
                case Decision.Start _, Decision.Commit _ -> {
                    // whoever told of the event does these
                }
                case Decision.Cancel cancel ->
                    cancels.computeIfAbsent(cancel.worker(), ignored -> new ArrayList<>())
                            .add(cancel.attempt().toString());
                case Decision.Inquest inquest -> investigate(inquest.attempt());
                case Decision.Reopen reopen -> {
                    writes.add(() -> table.reopen(reopen.attempt()));
                    LOG.info("event=output-lost job={} attempt={}", name, reopen.attempt());
                }
                case Decision.Succeed _ -> writes.add(() -> ended(table.end(new JobTable.Outcome(true, ""))));
                case Decision.Fail fail ->
                    writes.add(() -> ended(table.end(new JobTable.Outcome(false, fail.reason()))));
            }
        }
        return decisions;
    }

    private void writeDown() throws IOException {
        while (outcome == null && !writes.isEmpty()) {
            writes.peek().make();
            writes.remove();
        }
    }

    private void investigate(AttemptId attempt) {
        long record = lastRecord(attempt);
        LOG.info("event=worker-lost job={} attempt={} record={}", name, attempt, record);
        decide(new Event.Died(nowMillis(), attempt, record));
        writes.add(() -> writeFailures(attempt.task()));
    }

    private void writeFailures(TaskId task) throws IOException {
        table.failed(task, scheduler.failures(task), scheduler.skipped(task));
    }

    private long lastRecord(AttemptId attempt) {
        try {
            return LastWords.read(output.lastWords(attempt));
        } catch (IOException e) {
            LOG.warn("event=last-words-unreadable job={} attempt={} reason=\"{}\"", name, attempt, e.toString());
            return LastWords.NONE;
        }
    }

    /** A commit is in the table before the scheduler hears of it. Many may be under way, each on its exchange's thread. */
    private void commit(Exchange exchange, Report report) throws IOException {
        AttemptId attempt = AttemptId.parse(report.attempt());
        table.commit(
                attempt,
                new TaskRecord.Committed(attempt.toString(), exchange.worker(), exchange.address(), report.counters()));
        synchronized (this) {
            // as it is now: a map that was committed may be open again meanwhile
            TaskRecord task = table.task(attempt.task());
            if (!task.open()) {
                TaskRecord.Committed winner = task.committed();
                on(new Event.Committed(nowMillis(), AttemptId.parse(winner.attempt()), winner.worker()));
            }
        }
    }

    private synchronized void tell(Event event) throws IOException {
        on(event);
    }

    private synchronized void ended(JobTable.Outcome how) {
        outcome = how;
        LOG.info("event=ended job={} succeeded={} reason=\"{}\"", name, how.succeeded(), how.reason());
        try {
            if (!how.succeeded()) {
                Publication.discard(spec, output);
            }
        } catch (IOException e) {
            LOG.warn("event=discard-failed job={} output={} reason=\"{}\"", name, spec.output(), e.toString());
        } finally {
            notifyAll();
        }
    }

    private synchronized List<Place> committed() {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < maps; i++) {
            add(places, TaskId.map(i));
        }
        for (int i = 0; i < spec.reducers(); i++) {
            add(places, TaskId.reduce(i));
        }
        return places;
    }

    private void add(List<Place> places, TaskId task) {
        if (scheduler.committed(task) != null) {
            TaskRecord.Committed committed = table.task(task).committed();
            places.add(new Place(committed.attempt(), committed.address()));
        }
    }

    private void tick() {
        try {
            while (pause()) {
                try {
                    Optional<JobTable.Coordinator> appointed = table.coordinator();
                    Optional<JobTable.Outcome> decided = table.outcome();
                    if (!appointed.equals(Optional.of(new JobTable.Coordinator(epoch, address)))) {
                        LOG.info("event=replaced job={} epoch={}", name, epoch);
                        stop();
                    } else if (decided.isPresent()) {
                        ended(decided.get()); // by somebody else
                    } else {
                        tell(new Event.Tick(nowMillis()));
                    }
                } catch (IOException e) {
                    LOG.warn("event=store-away job={} reason=\"{}\"", name, e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when there is nothing to wait for any more. */
    private synchronized boolean pause() throws InterruptedException {
        if (!closed && outcome == null) {
            wait(TICK_MILLIS);
        }
        return !closed && outcome == null;
    }

    /** Waits for the job's end. Empty when the job was deleted, another coordinator has taken over, or this one was closed. */
    public synchronized Optional<JobTable.Outcome> await() throws InterruptedException {
        while (outcome == null && !closed) {
            wait();
        }
        return Optional.ofNullable(outcome);
    }

    public synchronized JobStatus status() {
        return scheduler.status(nowMillis());
    }

    /** The counters of all committed tasks. */
    public synchronized SortedMap<String, SortedMap<String, Long>> counters() {
        Counters sum = new Counters();
        for (TaskRecord task : table.known()) {
            if (task.committed() != null) {
                sum.add(task.committed().counters());
            }
        }
        return sum.values();
    }

    private synchronized void stop() {
        closed = true;
        notifyAll();
    }

    public String address() {
        return address;
    }

    @Override
    public void close() {
        stop();
        server.close();
        threads.shutdownNow();
    }
}
