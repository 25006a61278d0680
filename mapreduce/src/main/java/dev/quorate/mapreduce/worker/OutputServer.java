package dev.quorate.mapreduce.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quorate.mapreduce.engine.FileRange;
import dev.quorate.mapreduce.engine.RunFile;
import dev.quorate.mapreduce.protocol.Place;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the segments of this worker's map outputs: {@code GET /output/ATTEMPT/PARTITION}. */
final class OutputServer implements AutoCloseable {
    private final Map<String, RunFile> outputs = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    OutputServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(0), 0);
        server.setExecutor(threads);
        server.createContext("/output/", this::serve);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void add(String attempt, RunFile run) {
        outputs.put(attempt, run);
    }

    void remove(String attempt) {
        outputs.remove(attempt);
    }

    private void serve(HttpExchange http) throws IOException {
        try (http) {
            String[] path = http.getRequestURI().getPath().split("/");
            RunFile run = path.length == 4 ? outputs.get(path[2]) : null;
            if (run == null) {
                http.sendResponseHeaders(404, -1);
                return;
            }
            RunFile.Segment segment = run.segments().get(Integer.parseInt(path[3]));
            http.getResponseHeaders().set(Place.PAIRS_HEADER, Long.toString(segment.pairs()));
            http.sendResponseHeaders(200, segment.bytes());
            try (InputStream bytes = new FileRange(run.path(), segment.offset(), segment.bytes())) {
                bytes.transferTo(http.getResponseBody());
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
