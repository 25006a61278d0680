package dev.quorate.mapreduce.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.example.Words;
import dev.quorate.mapreduce.job.Job;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.OutputDirectory;
import dev.quorate.mapreduce.protocol.Answer;
import dev.quorate.mapreduce.protocol.Exchange;
import dev.quorate.mapreduce.protocol.Exchange.Report;
import dev.quorate.mapreduce.protocol.Place;
import dev.quorate.mapreduce.table.JobTable;
import dev.quorate.mapreduce.table.MemoryStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose coordinator starts a reduce, and finds before the reduce has asked for the maps' outputs that one of them was lost. */
class OpenMapsTest {
    private static final String JOB = "counting";
    private static final String REDUCE = "reduce-00000.e1.a1";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final MemoryStore store = new MemoryStore();
    private final CompletableFuture<Report> ended = new CompletableFuture<>();
    private boolean started;

    @Test
    void aReduceWaitsForMapsThatAreOpenAgain() throws Exception {
        plan();
        HttpServer coordinator = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        coordinator.createContext("/exchange", http -> answer(http, exchange(http)));
        coordinator.createContext("/committed", http -> answer(http, new Place[0]));
        coordinator.start();
        JobTable table = new JobTable(store, JOB);
        table.claim("127.0.0.1:" + coordinator.getAddress().getPort());
        try (Worker worker = new Worker(table, table.spec(), "127.0.0.1", "node", 1, directory.resolve("work"))) {
            Thread.startVirtualThread(() -> run(worker));
            Report report = ended.get(60, TimeUnit.SECONDS);
            assertThat(report.state()).as(report.reason()).isEqualTo(Exchange.State.LOST);
            assertThat(report.lostOutput()).as("the coordinator knows which").isNull();
        } finally {
            coordinator.stop(0);
        }
    }

    private void plan() throws Exception {
        WordCount words = new WordCount(directory.resolve("in.txt"), List.of("a b"));
        JobSpec spec = words.spec(Words.class, directory.resolve("out"), 1);
        JobTable table = new JobTable(store, JOB);
        table.submit(spec);
        new OutputDirectory(spec.output(), table.id()).create();
        try (Job job = Job.open(spec)) {
            List<Split> splits = job.splits();
            assertThat(splits).isNotEmpty();
            table.plan(new JobTable.Plan(splits, Optional.empty()));
        }
    }

    private static void run(Worker worker) {
        try {
            worker.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Answer exchange(HttpExchange http) throws IOException {
        Exchange exchange = JSON.readValue(http.getRequestBody().readAllBytes(), Exchange.class);
        exchange.reports().stream()
                .filter(report -> report.state() != Exchange.State.RUNNING)
                .forEach(ended::complete);
        List<Answer.Start> start = started ? List.of() : List.of(new Answer.Start(REDUCE, List.of()));
        started = true;
        return new Answer(1, start, List.of(), List.of(), false);
    }

    private static void answer(HttpExchange http, Object answer) throws IOException {
        try (http) {
            byte[] body = JSON.writeValueAsBytes(answer);
            http.sendResponseHeaders(200, body.length);
            http.getResponseBody().write(body);
        }
    }
}
