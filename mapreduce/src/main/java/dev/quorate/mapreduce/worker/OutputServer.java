package dev.quorate.mapreduce.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quorate.mapreduce.engine.FileRange;
import dev.quorate.mapreduce.engine.RunFile;
import dev.quorate.mapreduce.protocol.Place;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the segments of this worker's map outputs ({@link Place}). */
final class OutputServer implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Map<String, RunFile> outputs = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    /**
     * @param worker whose outputs these are: of who asks for another one's, that had this port before, nobody is served
     */
    OutputServer(String worker) throws IOException {
        server = HttpServer.create(new InetSocketAddress(0), 0);
        server.setExecutor(threads);
        server.createContext("/" + worker + Place.OUTPUTS, this::serve);
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
            String path = http.getRequestURI().getPath();
            int partition = Integer.parseInt(
                    path.substring(http.getHttpContext().getPath().length()));
            String attempts = new String(http.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
            http.sendResponseHeaders(200, 0);
            try (DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(http.getResponseBody(), BUFFER_BYTES))) {
                for (String attempt : attempts.split("\n")) {
                    RunFile run = outputs.get(attempt);
                    if (run == null) {
                        out.writeLong(Place.NO_OUTPUT);
                        return;
                    }
                    RunFile.Segment segment = run.segments().get(partition);
                    out.writeLong(segment.bytes());
                    out.writeLong(segment.pairs());
                    try (InputStream bytes = new FileRange(run.path(), segment.offset(), segment.bytes())) {
                        bytes.transferTo(out);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
