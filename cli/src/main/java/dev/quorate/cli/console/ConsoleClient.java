package dev.quorate.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.ClusterView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Asks a running cluster's console. What it refuses is a {@link UserError} in its own words. */
public final class ConsoleClient {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningCluster cluster;

    public ConsoleClient(RunningCluster cluster) {
        this.cluster = cluster;
    }

    public ClusterView status() {
        return ClusterView.fromJson(call("/api/status", null));
    }

    /** Asks for this many groups, and returns at once. */
    public ClusterView scale(int groups) {
        return ClusterView.fromJson(call("/api/scale", "{\"groups\": " + groups + "}"));
    }

    /** Asks for what the file says, and returns at once. */
    public ClusterView apply(ClusterFile file) {
        try {
            return ClusterView.fromJson(call("/api/apply", JSON.writeValueAsString(file)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks that all members be stopped, and returns at once. */
    public void stop() {
        call("/api/stop", "{}");
    }

    private String call(String path, String body) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(cluster.console() + path).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            if (body != null) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Authorization", "Bearer " + cluster.token());
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            boolean fine = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            try (InputStream in = fine ? connection.getInputStream() : connection.getErrorStream()) {
                String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (!fine) {
                    throw UserError.misused(problem(text));
                }
                return text;
            }
        } catch (IOException e) {
            throw UserError.failed("cluster " + cluster.name() + " (process "
                    + cluster.process().pid() + ") does not answer at " + cluster.console() + ": " + e.getMessage()
                    + ". Is it stopping?");
        }
    }

    private static String problem(String json) throws JsonProcessingException {
        return JSON.readTree(json).path("error").asText("the console refused without a reason");
    }
}
