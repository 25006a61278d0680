package dev.quorate.mapreduce.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quorate.mapreduce.table.JobTable;
import dev.quorate.mapreduce.table.MemoryStore;
import dev.quorate.mapreduce.table.Store;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What comes between workers, coordinators and the store. Workers reach coordinators by a proxy, which their view of the store names instead. */
final class Faults implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LATE_MILLIS = 1500;

    private final Random random;
    private final MemoryStore store;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpServer proxy;
    private volatile boolean on = true;
    private volatile long storeBackNanos = System.nanoTime();
    private volatile Participant lastCoordinator;

    Faults(long seed, MemoryStore store) throws IOException {
        this.random = new Random(seed);
        this.store = store;
        proxy = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        proxy.setExecutor(threads);
        proxy.createContext("/", this::forward);
        proxy.start();
    }

    boolean on() {
        return on;
    }

    void stop() {
        on = false;
    }

    void storeAway(int millis) {
        storeBackNanos = System.nanoTime() + millis * 1_000_000L;
    }

    /** From now on it neither reads nor writes for a while, and what it was told in that time it takes in later. */
    void pauseLastCoordinator(int millis) {
        lastCoordinator.goesOnNanos = System.nanoTime() + millis * 1_000_000L;
    }

    Store ofCoordinator() {
        lastCoordinator = new Participant(false);
        return lastCoordinator;
    }

    Store ofWorker() {
        return new Participant(true);
    }

    private synchronized int dice(int sides) {
        return random.nextInt(sides);
    }

    private static void sleepUntil(long nanos) throws IOException {
        try {
            Thread.sleep(Math.max(0, (nanos - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The store as one of the job's processes has it. */
    private final class Participant implements Store {
        private final boolean worker;
        private volatile long goesOnNanos = System.nanoTime();

        private Participant(boolean worker) {
            this.worker = worker;
        }

        private void mayFail() throws IOException {
            sleepUntil(goesOnNanos);
            if (on && (storeBackNanos - System.nanoTime() > 0 || dice(30) == 0)) {
                throw new IOException("the store is away");
            }
        }

        @Override
        public Optional<Value> get(String key) throws IOException {
            mayFail();
            Optional<Value> found = store.get(key);
            if (!worker || found.isEmpty() || !key.endsWith("coordinator")) {
                return found;
            }
            JobTable.Coordinator coordinator = JSON.readValue(found.get().bytes(), JobTable.Coordinator.class);
            String byProxy = "127.0.0.1:" + proxy.getAddress().getPort() + "/"
                    + coordinator.address().split(":")[1];
            return Optional.of(new Value(
                    JSON.writeValueAsBytes(new JobTable.Coordinator(coordinator.epoch(), byProxy)),
                    found.get().version()));
        }

        @Override
        public Optional<Long> compareAndSet(String key, long expectedVersion, byte[] value) throws IOException {
            mayFail();
            Optional<Long> version = store.compareAndSet(key, expectedVersion, value);
            if (on && dice(20) == 0) {
                throw new IOException("the answer of the store was lost");
            }
            sleepUntil(goesOnNanos); // the answer comes to one that was stopped meanwhile
            return version;
        }

        @Override
        public List<Entry> scan(String prefix) throws IOException {
            mayFail();
            return store.scan(prefix);
        }

        @Override
        public void delete(String key) throws IOException {
            mayFail();
            store.delete(key);
        }
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/", 3);
            URI target = URI.create("http://127.0.0.1:" + path[1] + "/" + path[2]);
            byte[] body = exchange.getRequestBody().readAllBytes();
            int fault = on ? dice(20) : -1;
            switch (fault) {
                case 0 -> {
                    return; // never arrives
                }
                case 1 -> send(target, body); // and the answer is lost
                case 2 -> {
                    late(target, body); // never answered, but heard in the end
                    return;
                }
                case 3 -> {
                    late(target, body); // again
                    answer(exchange, send(target, body));
                }
                case 4 -> {
                    sleepUntil(System.nanoTime() + dice(LATE_MILLIS) * 1_000_000L);
                    answer(exchange, send(target, body));
                }
                default -> answer(exchange, send(target, body));
            }
        }
    }

    private void late(URI target, byte[] body) {
        int millis = dice(LATE_MILLIS);
        threads.execute(() -> {
            try {
                Thread.sleep(millis);
                send(target, body);
            } catch (IOException e) {
                return; // there is nobody any more
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private HttpResponse<byte[]> send(URI target, byte[] body) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(target)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> response) throws IOException {
        byte[] body = response.body();
        exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        on = false;
        proxy.stop(0);
        threads.shutdownNow();
        http.shutdownNow();
    }
}
