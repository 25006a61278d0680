package dev.quorate.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.mapreduce.protocol.Answer;
import dev.quorate.mapreduce.protocol.Exchange;
import dev.quorate.mapreduce.protocol.Exchange.Report;
import dev.quorate.mapreduce.protocol.Exchange.State;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Talks to a coordinator as a worker does, and lets time pass where a worker works. */
final class SimulatedWorker {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long EXCHANGE_MILLIS = 500;
    private static final Map<String, Map<String, Long>> COUNTERS = Map.of(
            "job",
            Map.of("map input records", 100_000L, "map output records", 1_000_000L, "map output bytes", 12_345_678L));

    private final HttpClient http;
    private final String coordinator;
    private final String name;
    private final int slots;
    private final long taskNanos;
    /** When each attempt ends. */
    private final Map<String, Long> attempts = new HashMap<>();

    /**
     * @param taskMillis that each task takes
     */
    SimulatedWorker(HttpClient http, String coordinator, String name, int slots, long taskMillis) {
        this.http = http;
        this.coordinator = coordinator;
        this.name = name;
        this.slots = slots;
        this.taskNanos = Duration.ofMillis(taskMillis).toNanos();
    }

    /** Works until the job has ended. */
    Void call() throws IOException, InterruptedException {
        Answer answer;
        while (!(answer = exchange()).ended()) {
            answer.acknowledged().forEach(attempts::remove);
            answer.cancel().forEach(attempts::remove);
            for (Answer.Start start : answer.start()) {
                if (start.attempt().startsWith("reduce")) {
                    post("/committed", new byte[0]);
                }
                attempts.put(start.attempt(), System.nanoTime() + taskNanos);
            }
            long nowNanos = System.nanoTime();
            long nextMillis = attempts.values().stream()
                    .mapToLong(end -> Math.max(0, (end - nowNanos) / 1_000_000 + 1))
                    .min()
                    .orElse(EXCHANGE_MILLIS);
            Thread.sleep(Math.min(nextMillis, EXCHANGE_MILLIS));
        }
        return null;
    }

    private Answer exchange() throws IOException, InterruptedException {
        List<Report> reports = new ArrayList<>();
        int running = 0;
        long nowNanos = System.nanoTime();
        for (Map.Entry<String, Long> attempt : attempts.entrySet()) {
            long leftNanos = attempt.getValue() - nowNanos;
            if (leftNanos > 0) {
                double progress = 1 - (double) leftNanos / taskNanos;
                reports.add(new Report(
                        attempt.getKey(), State.RUNNING, progress, (long) (progress * 1000), null, null, null, ""));
                running++;
            } else {
                reports.add(new Report(attempt.getKey(), State.FINISHED, 1, 1000, null, null, COUNTERS, ""));
            }
        }
        byte[] word = JSON.writeValueAsBytes(new Exchange(name, "", "127.0.0.1:1", slots - running, reports));
        return JSON.readValue(post("/exchange", word), Answer.class);
    }

    private byte[] post(String path, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + coordinator + path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("the coordinator answered " + response.statusCode());
        }
        return response.body();
    }
}
