package dev.quorate.mapreduce.worker;

import dev.quorate.mapreduce.engine.FileRange;
import dev.quorate.mapreduce.engine.MergePasses;
import dev.quorate.mapreduce.engine.Pairs;
import dev.quorate.mapreduce.engine.RunReader;
import dev.quorate.mapreduce.protocol.Place;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Fetches a partition's segment of every map into one file. A few at a time, however many there are. */
final class Shuffle {
    private static final int FETCHES = 4;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int TRIES = 4;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(300);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final Path file;
    private final int partition;
    private final AtomicLong fileEnd = new AtomicLong();

    /** A segment that was fetched. */
    private record Fetched(Path file, long offset, long bytes, long pairs, String name) implements MergePasses.Source {
        @Override
        public Pairs open() {
            return new RunReader(new FileRange(file, offset, bytes), name);
        }
    }

    Shuffle(HttpClient http, Path file, int partition) {
        this.http = http;
        this.file = file;
        this.partition = partition;
    }

    List<MergePasses.Source> fetch(List<Place> maps) throws IOException, InterruptedException {
        List<MergePasses.Source> sources = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                ExecutorService threads =
                        Executors.newFixedThreadPool(FETCHES, Thread.ofVirtual().factory())) {
            List<Future<Fetched>> all = new ArrayList<>();
            for (Place map : maps) {
                all.add(threads.submit(() -> fetch(map, channel)));
            }
            try {
                for (Future<Fetched> one : all) {
                    Fetched fetched = one.get();
                    if (fetched.pairs() > 0) {
                        sources.add(fetched);
                    }
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

    private Fetched fetch(Place map, FileChannel channel) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://" + map.address() + "/output/" + map.attempt() + "/" + partition))
                    .timeout(TIMEOUT)
                    .build();
            try {
                return store(http.send(request, HttpResponse.BodyHandlers.ofInputStream()), map, channel);
            } catch (DiskException e) {
                throw e;
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw new OutputLostException(map.attempt(), map.address(), e);
                }
                Thread.sleep(BETWEEN_TRIES);
            }
        }
    }

    /** What is wrong with this worker's own disk is no fault of the one that it fetches from. */
    private static final class DiskException extends IOException {
        private DiskException(Path file, IOException cause) {
            super("fetched map output can't be written to " + file + ": " + cause.getMessage(), cause);
        }
    }

    private Fetched store(HttpResponse<InputStream> response, Place map, FileChannel channel) throws IOException {
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            long length = response.headers()
                    .firstValueAsLong("content-length")
                    .orElseThrow(() -> new IOException("no length"));
            long pairs = response.headers()
                    .firstValueAsLong(Place.PAIRS_HEADER)
                    .orElseThrow(() -> new IOException("no number of pairs"));
            long offset = fileEnd.getAndAdd(length);
            byte[] buffer = new byte[BUFFER_BYTES];
            long stored = 0;
            int count;
            while ((count = in.read(buffer)) > 0) {
                write(channel, ByteBuffer.wrap(buffer, 0, count), offset + stored);
                stored += count;
            }
            if (stored != length) {
                throw new IOException("cut short after " + stored + " of " + length + " bytes");
            }
            return new Fetched(
                    file, offset, length, pairs, map.attempt() + " of " + map.address() + " partition " + partition);
        }
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
