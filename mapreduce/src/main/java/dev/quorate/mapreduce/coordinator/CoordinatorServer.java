package dev.quorate.mapreduce.coordinator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a coordinator is reached: JSON over HTTP. Who takes a later process at this port for this one is not answered, as the path is of this one alone. */
final class CoordinatorServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String job;
    private final String path = "/" + UUID.randomUUID();
    private final HttpServer server;

    /** A request's body to its answer. */
    @FunctionalInterface
    interface Handler {
        /**
         * @throws IOException when it can't be answered now: the other side hears so, and asks again
         */
        Object handle(byte[] body) throws IOException;
    }

    /**
     * @param threads that requests are handled on
     */
    CoordinatorServer(String job, Executor threads) throws IOException {
        this.job = job;
        server = HttpServer.create(new InetSocketAddress(0), 0);
        server.setExecutor(threads);
    }

    /** {@code HOST:PORT/PATH}, below which the handlers are. */
    String address(String host) {
        return host + ":" + server.getAddress().getPort() + path;
    }

    void handle(String name, Handler handler) {
        server.createContext(path + "/" + name, exchange -> answer(exchange, handler));
    }

    void start() {
        server.start();
    }

    private void answer(HttpExchange http, Handler handler) throws IOException {
        try (http) {
            byte[] body = http.getRequestBody().readAllBytes();
            byte[] answer;
            try {
                answer = JSON.writeValueAsBytes(handler.handle(body));
            } catch (IOException e) {
                LOG.warn(
                        "event=request-failed job={} path={} reason=\"{}\"", job, http.getRequestURI(), e.getMessage());
                http.sendResponseHeaders(503, -1);
                return;
            }
            http.sendResponseHeaders(200, answer.length);
            http.getResponseBody().write(answer);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
