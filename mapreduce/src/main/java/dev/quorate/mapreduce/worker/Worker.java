package dev.quorate.mapreduce.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.mapreduce.engine.MapBuffer;
import dev.quorate.mapreduce.job.AttemptContext;
import dev.quorate.mapreduce.job.AttemptException;
import dev.quorate.mapreduce.job.Job;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.LastWords;
import dev.quorate.mapreduce.job.MapAttempt;
import dev.quorate.mapreduce.job.OutputDirectory;
import dev.quorate.mapreduce.job.Publication;
import dev.quorate.mapreduce.job.ReduceAttempt;
import dev.quorate.mapreduce.job.Scratch;
import dev.quorate.mapreduce.protocol.Answer;
import dev.quorate.mapreduce.protocol.Exchange;
import dev.quorate.mapreduce.protocol.Place;
import dev.quorate.mapreduce.schedule.AttemptId;
import dev.quorate.mapreduce.schedule.TaskId;
import dev.quorate.mapreduce.table.JobTable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs attempts of a job's tasks until the job has ended. */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long EXCHANGE_MILLIS = 500;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** User code that does not end when it is told to keeps no process from ending. */
    private static final Duration END_OF_ATTEMPT = Duration.ofSeconds(5);

    private final String name = UUID.randomUUID().toString();
    private final String node;
    private final String address;
    private final JobTable table;
    private final Job job;
    private final JobTable.Plan plan;
    private final OutputDirectory output;
    private final Path work;
    private final OutputServer server;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private volatile String coordinator;

    // All below is guarded by this.
    private final Map<String, Attempt> attempts = new LinkedHashMap<>();
    private final Queue<MapBuffer> freeBuffers = new ArrayDeque<>();
    private boolean closed;

    /**
     * @param host under which other workers reach this process
     * @param node where it runs, for locality
     * @param slots attempts at a time
     * @param work directory of this worker alone, which it removes in the end
     */
    public Worker(JobTable table, JobSpec spec, String host, String node, int slots, Path work)
            throws JobException, IOException, InterruptedException {
        this.node = node;
        this.work = Files.createDirectories(work);
        this.table = table;
        this.job = Job.open(spec);
        this.plan = awaitPlan();
        this.output = new OutputDirectory(spec.output(), table.id());
        this.server = new OutputServer(name);
        this.address = host + ":" + server.port() + "/" + name;
        for (int i = 0; i < slots; i++) {
            freeBuffers.add(job.newBuffer());
        }
        LOG.info("event=working job={} worker={} address={} slots={}", table.name(), name, address, slots);
    }

    private JobTable.Plan awaitPlan() throws IOException, InterruptedException, JobException {
        while (true) {
            Optional<JobTable.Plan> found = table.plan();
            if (found.isPresent()) {
                return found.get();
            }
            Optional<JobTable.Outcome> outcome = table.outcome();
            if (outcome.isPresent()) {
                throw new JobException(outcome.get().reason());
            }
            if (table.gone()) {
                throw new JobException(JobTable.Outcome.DELETED.reason());
            }
            Thread.sleep(EXCHANGE_MILLIS);
        }
    }

    /** Works until the job has ended, and says how. Empty when it was closed before. */
    public Optional<JobTable.Outcome> run() throws InterruptedException {
        while (true) {
            try {
                if (exchange()) {
                    return Optional.of(table.outcome().orElse(JobTable.Outcome.DELETED));
                }
            } catch (IOException | OutOfMemoryError e) {
                // memory is gone because of an attempt, which will say so
                LOG.debug(
                        "event=coordinator-away worker={} coordinator={} reason=\"{}\"",
                        name,
                        coordinator,
                        e.getMessage());
                coordinator = null;
            }
            synchronized (this) {
                if (closed) {
                    return Optional.empty();
                }
                wait(EXCHANGE_MILLIS);
            }
        }
    }

    /** Tells the coordinator how things stand and does what it says. True when the job has ended. */
    private boolean exchange() throws IOException, InterruptedException {
        if (coordinator == null) {
            if (table.outcome().isPresent() || table.gone()) {
                return true;
            }
            coordinator = table.coordinator()
                    .orElseThrow(() -> new IOException("there is none yet"))
                    .address();
        }
        Exchange word;
        synchronized (this) {
            if (closed) {
                return false;
            }
            word = new Exchange(
                    name,
                    node,
                    address,
                    freeBuffers.size(),
                    attempts.values().stream().map(Attempt::report).toList());
        }
        Answer answer = JSON.readValue(call("/exchange", JSON.writeValueAsBytes(word)), Answer.class);
        synchronized (this) {
            if (closed) {
                return false;
            }
            answer.acknowledged().forEach(attempts::remove);
            answer.cancel().forEach(this::cancel);
            answer.start().forEach(this::start);
        }
        return answer.ended();
    }

    private byte[] call(String path, byte[] body) throws IOException, InterruptedException {
        String address = coordinator;
        if (address == null) {
            throw new IOException("there is no coordinator at present");
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode() + " from the coordinator at " + address);
        }
        return response.body();
    }

    private void cancel(String id) {
        Attempt attempt = attempts.get(id);
        if (attempt != null && attempt.running()) {
            attempt.context.cancel();
            attempt.thread.interrupt();
        } else {
            attempts.remove(id);
            server.remove(id);
            Scratch.remove(work.resolve(id));
        }
    }

    private void start(Answer.Start start) {
        AttemptId id = AttemptId.parse(start.attempt());
        Attempt attempt = new Attempt(new AttemptContext(id, work.resolve(start.attempt()), start.skip()));
        MapBuffer buffer = freeBuffers.poll();
        if (buffer == null) {
            return; // as it is not reported, the coordinator sees that it does not run
        }
        attempt.thread = Thread.ofPlatform().daemon().name(start.attempt()).unstarted(() -> run(attempt, buffer));
        attempts.put(start.attempt(), attempt);
        try {
            attempt.thread.start();
        } catch (OutOfMemoryError e) {
            attempt.failed(-1, start.attempt() + " could not be started: " + e.getMessage());
            freeBuffers.add(buffer);
        }
    }

    private void run(Attempt attempt, MapBuffer buffer) {
        String lostOutput = null;
        AttemptException failure = null;
        boolean finished = false;
        try {
            Files.createDirectories(attempt.context.directory());
            execute(attempt.context, buffer);
            finished = true;
        } catch (AttemptException e) {
            failure = e;
        } catch (OutputLostException e) {
            lostOutput = e.attempt();
        } catch (CoordinatorAwayException e) {
            LOG.info("event=coordinator-away attempt={} reason=\"{}\"", attempt.context.attempt(), e.getMessage());
        } catch (CancellationException | InterruptedException e) {
            LOG.debug("event=cancelled attempt={}", attempt.context.attempt());
        } catch (Exception | Error e) {
            failure = AttemptException.of(attempt.context, e);
        }
        if (!finished) {
            Scratch.remove(attempt.context.directory());
        }
        synchronized (this) {
            if (finished) {
                attempt.finished();
            } else if (failure != null) {
                attempt.failed(failure.record(), failure.getMessage());
            } else {
                attempt.lost(lostOutput);
            }
            freeBuffers.add(buffer);
            notifyAll();
        }
    }

    private void execute(AttemptContext context, MapBuffer buffer)
            throws AttemptException, IOException, InterruptedException {
        AttemptId id = context.id();
        if (id.task().kind() == TaskId.Kind.PUBLISH) {
            publish();
            return;
        }
        Path lastWords = output.lastWords(id);
        try (LastWords words = LastWords.in(lastWords)) {
            context.sayIn(words);
            mapOrReduce(context, buffer);
        }
        Files.deleteIfExists(lastWords);
    }

    private void publish() throws AttemptException, IOException, InterruptedException {
        Publication.publish(job.spec(), output, published(), this::checkGoesOn);
    }

    /**
     * By what the store holds, not what a coordinator believes. A map whose output was lost when all reduces had it is among them, though nobody has made it again: what it
     * left out is kept aside too.
     */
    private List<AttemptId> published() throws CoordinatorAwayException {
        List<AttemptId> committed;
        try {
            committed = table.tasks().values().stream()
                    .filter(task -> task.committed() != null)
                    .map(task -> AttemptId.parse(task.committed().attempt()))
                    .toList();
        } catch (IOException e) {
            throw new CoordinatorAwayException(e);
        }
        long reduces = committed.stream()
                .filter(attempt -> attempt.task().kind() == TaskId.Kind.REDUCE)
                .count();
        if (reduces < job.spec().reducers()) {
            throw new CoordinatorAwayException("only " + reduces + " reduces are committed: the job was deleted");
        }
        return committed;
    }

    private void checkGoesOn() throws IOException {
        if (table.outcome().isPresent() || table.gone()) {
            throw new CoordinatorAwayException("the job has ended");
        }
    }

    private void mapOrReduce(AttemptContext context, MapBuffer buffer)
            throws AttemptException, IOException, InterruptedException {
        AttemptId id = context.id();
        if (id.task().kind() == TaskId.Kind.MAP) {
            server.add(
                    id.toString(),
                    new MapAttempt(job, plan.cuts(), plan.splits().get(id.task().index()), context, output.skipped(id))
                            .run(buffer));
        } else {
            List<Place> maps = committedMaps();
            Shuffle shuffle = new Shuffle(
                    context.directory().resolve("shuffled"), id.task().index());
            new ReduceAttempt(job, context, output.part(id), output.skipped(id), shuffle.fetch(maps)).run();
            Scratch.remove(context.directory());
        }
    }

    /** All of them: since this attempt was started, a worker may have been found dead, and its maps are open again. */
    private List<Place> committedMaps() throws IOException, InterruptedException {
        List<Place> maps =
                places().stream().filter(place -> isMap(place.attempt())).toList();
        int open = plan.splits().size() - maps.size();
        if (open > 0) {
            throw new OutputLostException(open);
        }
        return maps;
    }

    private static boolean isMap(String attempt) {
        return AttemptId.parse(attempt).task().kind() == TaskId.Kind.MAP;
    }

    private List<Place> places() throws CoordinatorAwayException, InterruptedException {
        try {
            return List.of(JSON.readValue(call("/committed", new byte[0]), Place[].class));
        } catch (IOException e) {
            throw new CoordinatorAwayException(e);
        }
    }

    public String name() {
        return name;
    }

    /** Stops as if it had died, but for its files: its attempts are not reported any more, and its outputs are gone. */
    @Override
    public void close() {
        List<Thread> threads;
        synchronized (this) {
            closed = true;
            attempts.values().forEach(attempt -> attempt.context.cancel());
            threads = attempts.values().stream().map(attempt -> attempt.thread).toList();
            notifyAll();
        }
        threads.forEach(Thread::interrupt);
        server.close();
        try {
            for (Thread thread : threads) {
                thread.join(END_OF_ATTEMPT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
        job.close();
        Scratch.remove(work);
    }
}
