package dev.quorate.mapreduce.worker;

import dev.quorate.mapreduce.engine.FileRange;
import dev.quorate.mapreduce.engine.MergePasses;
import dev.quorate.mapreduce.engine.Pairs;
import dev.quorate.mapreduce.engine.RunReader;
import dev.quorate.mapreduce.protocol.Place;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Fetches a partition's segment of every map into one file: many with each request, a few requests at a time. */
final class Shuffle {
    private static final int FETCHES = 4;
    private static final int OUTPUTS_AT_A_TIME = 100;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int TRIES = 4;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(300);
    /** To connect, and for the next bytes: of a worker that is stopped, or whose machine is gone, nothing else is heard. */
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Path file;
    private final int partition;
    private final int timeoutMillis;
    private final AtomicLong fileEnd = new AtomicLong();

    /** A segment that was fetched. */
    private record Fetched(Path file, long offset, long bytes, long pairs, String name) implements MergePasses.Source {
        @Override
        public Pairs open() {
            return new RunReader(new FileRange(file, offset, bytes), name);
        }
    }

    Shuffle(Path file, int partition) {
        this(file, partition, TIMEOUT_MILLIS);
    }

    Shuffle(Path file, int partition, int timeoutMillis) {
        this.file = file;
        this.partition = partition;
        this.timeoutMillis = timeoutMillis;
    }

    List<MergePasses.Source> fetch(List<Place> maps) throws IOException, InterruptedException {
        List<MergePasses.Source> sources = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                ExecutorService threads =
                        Executors.newFixedThreadPool(FETCHES, Thread.ofVirtual().factory())) {
            List<Future<List<Fetched>>> all = new ArrayList<>();
            for (List<Place> some : requests(maps)) {
                all.add(threads.submit(() -> fetch(some, channel)));
            }
            try {
                for (Future<List<Fetched>> one : all) {
                    one.get().stream().filter(fetched -> fetched.pairs() > 0).forEach(sources::add);
                }
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            } catch (InterruptedException e) {
                threads.shutdownNow();
                throw e;
            }
        }
        return sources;
    }

    /** Outputs of the same worker, many at a time. */
    private static List<List<Place>> requests(List<Place> maps) {
        Map<String, List<Place>> byAddress = new LinkedHashMap<>();
        for (Place map : maps) {
            byAddress
                    .computeIfAbsent(map.address(), ignored -> new ArrayList<>())
                    .add(map);
        }
        List<List<Place>> requests = new ArrayList<>();
        for (List<Place> places : byAddress.values()) {
            for (int from = 0; from < places.size(); from += OUTPUTS_AT_A_TIME) {
                requests.add(places.subList(from, Math.min(places.size(), from + OUTPUTS_AT_A_TIME)));
            }
        }
        return requests;
    }

    private List<Fetched> fetch(List<Place> maps, FileChannel channel) throws IOException, InterruptedException {
        List<Fetched> fetched = new ArrayList<>();
        for (int tries = 1; ; tries++) {
            try {
                request(maps.subList(fetched.size(), maps.size()), channel, fetched);
                return fetched;
            } catch (DiskException e) {
                throw e;
            } catch (IOException e) {
                if (tries == TRIES || e instanceof SocketTimeoutException) {
                    Place missing = maps.get(fetched.size());
                    throw new OutputLostException(missing.attempt(), missing.address(), e);
                }
                Thread.sleep(BETWEEN_TRIES);
            }
        }
    }

    /**
     * @param fetched what has come is added, as it comes
     */
    private void request(List<Place> maps, FileChannel channel, List<Fetched> fetched) throws IOException {
        String attempts = maps.stream().map(Place::attempt).collect(Collectors.joining("\n"));
        URI place = URI.create("http://" + maps.getFirst().address() + Place.OUTPUTS + partition);
        HttpURLConnection http = (HttpURLConnection) place.toURL().openConnection();
        http.setConnectTimeout(timeoutMillis);
        http.setReadTimeout(timeoutMillis);
        http.setDoOutput(true);
        http.getOutputStream().write(attempts.getBytes(StandardCharsets.US_ASCII));
        if (http.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("status " + http.getResponseCode());
        }
        try (DataInputStream in = new DataInputStream(http.getInputStream())) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (Place map : maps) {
                fetched.add(store(in, map, channel, buffer));
            }
        }
    }

    /** What is wrong with this worker's own disk is no fault of the one that it fetches from. */
    private static final class DiskException extends IOException {
        private DiskException(Path file, IOException cause) {
            super("fetched map output can't be written to " + file + ": " + cause.getMessage(), cause);
        }
    }

    private Fetched store(DataInputStream in, Place map, FileChannel channel, byte[] buffer) throws IOException {
        long length = in.readLong();
        if (length == Place.NO_OUTPUT) {
            throw new IOException("it has no such output");
        }
        long pairs = in.readLong();
        long offset = fileEnd.getAndAdd(length);
        for (long stored = 0; stored < length; ) {
            int count = (int) Math.min(buffer.length, length - stored);
            in.readFully(buffer, 0, count);
            write(channel, ByteBuffer.wrap(buffer, 0, count), offset + stored);
            stored += count;
        }
        return new Fetched(
                file, offset, length, pairs, map.attempt() + " of " + map.address() + " partition " + partition);
    }

    private void write(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        try {
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            throw new DiskException(file, e);
        }
    }
}
