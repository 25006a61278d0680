package dev.quorate.cli.mr;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.cli.output.Screen;
import dev.quorate.mapreduce.coordinator.StatusReply;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.table.JobTable;
import dev.quorate.mapreduce.table.Store;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quorate mr status}. */
@Command(
        name = "status",
        description = "Shows how far a job is: phases, tasks, stragglers, counters.",
        mixinStandardHelpOptions = true)
final class StatusCommand extends StoredJobCommand {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SHOWN_EVERY = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--watch", description = "Until it has ended.")
    private boolean watch;

    private Screen screen;

    @Override
    int run(Store store, String job) throws JobException, IOException, InterruptedException {
        JobTable table = new JobTable(store, job);
        table.spec(); // so that one that is not there is said to be so
        screen = watch ? Screen.on(System.out, Screen.Plain.HEADLINES) : Screen.offTerminal(System.out);
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            while (true) {
                Optional<JobTable.Outcome> outcome = table.outcome();
                Optional<JobTable.Coordinator> coordinator = table.coordinator();
                if (outcome.isPresent()) {
                    showEnd(job, outcome.get(), table);
                    return 0;
                }
                if (table.gone()) {
                    throw new JobException("job " + job + " was deleted.");
                }
                show(http, coordinator);
                if (!watch) {
                    return 0;
                }
                Thread.sleep(SHOWN_EVERY);
            }
        }
    }

    private void showEnd(String job, JobTable.Outcome outcome, JobTable table) throws IOException {
        String how = outcome.succeeded() ? "succeeded" : "failed: " + outcome.reason();
        show(job + " " + how, JobLines.counters(table.totals().counters()), true);
    }

    /**
     * @param block whether lines are wanted where they can't be shown in place
     */
    private void show(String headline, List<String> lines, boolean block) {
        screen.show(headline, lines);
        if (!screen.isTerminal() && block) {
            lines.forEach(System.out::println);
        }
    }

    private void show(HttpClient http, Optional<JobTable.Coordinator> coordinator) throws InterruptedException {
        if (coordinator.isEmpty()) {
            screen.show("waits for a coordinator", List.of());
            return;
        }
        String address = coordinator.get().address();
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/status"))
                    .timeout(TIMEOUT)
                    .build();
            StatusReply reply = JSON.readValue(
                    http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body(), StatusReply.class);
            List<String> lines = JobLines.attempts(reply.status());
            lines.addAll(JobLines.counters(reply.counters()));
            show(JobLines.headline(reply.status()), lines, !watch);
        } catch (IOException e) {
            screen.show(
                    "the coordinator at " + address + " does not answer: start another with 'quorate mr coordinator'",
                    List.of());
        }
    }
}
