package dev.quorate.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.server.console.ConsolePage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves one cluster's console on the loopback address: {@code GET /} a page, {@code GET /api/status} a {@link ClusterView}. With the header
 * {@code Authorization: Bearer <token>} it takes changes: {@code POST /api/scale} with {@code {"groups": n}}, {@code POST /api/apply} with a
 * {@link ClusterFile} and {@code POST /api/stop}. Requests that a browser was tricked into sending under another host's name are refused.
 */
public final class ConsoleServer implements AutoCloseable {
    private static final int BODY_BYTES_MAX = 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Cluster cluster;
    private final byte[] authorization;

    /** What a console shows and changes. A {@link UserError} refuses a change. */
    public interface Cluster {
        ClusterView status();

        void scale(int groups);

        void apply(ClusterFile file);

        /** Asks that all members be stopped, and returns at once. */
        void stop();
    }

    private interface Change {
        void make(JsonNode body) throws JsonProcessingException;
    }

    /**
     * Starts listening.
     *
     * @param port to listen on; 0 takes a free one
     */
    public ConsoleServer(int port, String token, Cluster cluster) throws IOException {
        this.cluster = cluster;
        this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, "GET", "/", this::page));
        server.createContext("/api/status", exchange -> answer(exchange, "GET", "/api/status", this::sendStatus));
        takeChanges("/api/scale", this::scale);
        takeChanges("/api/apply", body -> cluster.apply(JSON.treeToValue(body, ClusterFile.class)));
        server.createContext("/api/stop", exchange -> answer(exchange, "POST", "/api/stop", this::stop));
        server.start();
    }

    private void takeChanges(String path, Change change) {
        server.createContext(
                path, exchange -> answer(exchange, "POST", path, authorized -> change(authorized, change)));
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange, String method, String path, HttpHandler handler) throws IOException {
        try (exchange) {
            String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
            if (!host.matches("(127\\.0\\.0\\.1|localhost)(:\\d+)?")) {
                sendProblem(exchange, 403, "this console answers only to 127.0.0.1 and localhost");
            } else if (!exchange.getRequestURI().getPath().equals(path)) {
                sendProblem(exchange, 404, "there is only /, /api/status, /api/scale, /api/apply and /api/stop here");
            } else if (!exchange.getRequestMethod().equals(method)) {
                sendProblem(exchange, 405, path + " takes " + method);
            } else {
                handler.handle(exchange);
            }
        }
    }

    private void page(HttpExchange exchange) throws IOException {
        send(exchange, 200, "text/html; charset=utf-8", ConsolePage.html().getBytes(StandardCharsets.UTF_8));
    }

    private void sendStatus(HttpExchange exchange) throws IOException {
        send(exchange, 200, "application/json", cluster.status().toJson().getBytes(StandardCharsets.UTF_8));
    }

    private void change(HttpExchange exchange, Change change) throws IOException {
        if (!authorized(exchange)) {
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
        try {
            change.make(JSON.readTree(body));
            sendStatus(exchange);
        } catch (UserError | JsonProcessingException e) {
            sendProblem(exchange, 400, e.getMessage());
        }
    }

    private boolean authorized(HttpExchange exchange) throws IOException {
        String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
            sendProblem(exchange, 401, "a change needs the cluster's token");
            return false;
        }
        return true;
    }

    /** Answers first: stopping takes this server down as well. */
    private void stop(HttpExchange exchange) throws IOException {
        if (authorized(exchange)) {
            sendStatus(exchange);
            exchange.close();
            cluster.stop();
        }
    }

    private void scale(JsonNode body) {
        JsonNode groups = body.path("groups");
        if (!groups.isInt()) {
            throw UserError.misused("expected {\"groups\": n}");
        }
        cluster.scale(groups.asInt());
    }

    private static void sendProblem(HttpExchange exchange, int code, String sentence) throws IOException {
        byte[] body = JSON.writeValueAsBytes(JSON.createObjectNode().put("error", sentence));
        send(exchange, code, "application/json", body);
    }

    private static void send(HttpExchange exchange, int code, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
