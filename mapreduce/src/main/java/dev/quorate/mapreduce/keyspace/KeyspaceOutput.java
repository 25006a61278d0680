package dev.quorate.mapreduce.keyspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Loads a job's output into a keyspace. Only what committed attempts have written comes here, so that however often this runs, at the same time even, it writes the
 * same values under the same keys; nothing that another attempt made can ever appear. Readers see none of it until the pointer is written.
 *
 * <p>A publication may be held up for any time, and go on when its job has ended or another job's output is current. So the version of the pointer that it changes is read before the
 * job is last seen to go on: who ends the job writes that down first, and then changes the pointer's version ({@link #discard}).
 */
public final class KeyspaceOutput {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int WRITES_AT_A_TIME = 64;

    private final KeyspaceTarget target;

    public KeyspaceOutput(KeyspaceTarget target) {
        this.target = target;
    }

    private KvClient client() throws IOException {
        try {
            return new KvClient(
                    Stream.of(target.seeds().split(",")).map(Endpoint::parse).toList(), TIMEOUT);
        } catch (IllegalArgumentException e) {
            throw new IOException("keyspace " + target.seeds() + "/" + target.prefix() + ": " + e.getMessage(), e);
        }
    }

    /** Whether readers use this job's output. */
    public boolean isCurrent() throws IOException {
        try (KvClient client = client()) {
            return current(client)
                    .filter(value -> generation(value).equals(target.generation()))
                    .isPresent();
        } catch (QuorateException e) {
            throw failed(e);
        }
    }

    private Optional<KvClient.Value> current(KvClient client) {
        return client.get(target.pointer());
    }

    private static String generation(KvClient.Value pointer) {
        return new String(pointer.bytes(), UTF_8);
    }

    /**
     * Writes all pairs, then the pointer; then removes the generation that was current before.
     *
     * @param staged written by {@link StagedPairs}
     */
    public void load(List<Path> staged, Fence fence) throws IOException, InterruptedException {
        try (KvClient client = client()) {
            Optional<KvClient.Value> before = current(client);
            for (Path file : staged) {
                fence.check();
                load(client, file);
            }
            while (before.isEmpty() || !generation(before.get()).equals(target.generation())) {
                fence.check();
                KvClient.Swap swap = pointTo(target.generation(), version(before), client);
                if (swap.applied()) {
                    before.ifPresent(old -> remove(client, generation(old)));
                }
                before = swap.current();
            }
        } catch (QuorateException e) {
            throw failed(e);
        }
    }

    private KvClient.Swap pointTo(String generation, long version, KvClient client) {
        return client.compareAndSet(target.pointer(), version, generation.getBytes(UTF_8));
    }

    private static long version(Optional<KvClient.Value> pointer) {
        return pointer.map(KvClient.Value::version).orElse(0L);
    }

    /** Removes what was loaded and is not current, and does not become it any more. To be called when the job's end was written down. */
    public void discard() throws IOException {
        try (KvClient client = client()) {
            Optional<KvClient.Value> before = current(client);
            boolean fenced = before.isEmpty();
            while (!fenced && !generation(before.get()).equals(target.generation())) {
                KvClient.Swap swap = pointTo(generation(before.get()), version(before), client);
                fenced = swap.applied() || swap.current().isEmpty();
                before = swap.current();
            }
            if (fenced) {
                remove(client, target.generation());
            }
        } catch (QuorateException e) {
            throw failed(e);
        }
    }

    private IOException failed(QuorateException e) {
        return new IOException("keyspace " + target.seeds() + "/" + target.prefix() + ": " + e.getMessage(), e);
    }

    private void load(KvClient client, Path file) throws IOException, InterruptedException {
        byte[] prefix = target.keyPrefix();
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        Semaphore room = new Semaphore(WRITES_AT_A_TIME);
        long bytes = Files.size(file);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
                ExecutorService writes = Executors.newVirtualThreadPerTaskExecutor()) {
            while (bytes > 0 && failure.get() == null) {
                int keyLength = in.readInt();
                int valueLength = in.readInt();
                byte[] key = new byte[prefix.length + keyLength];
                System.arraycopy(prefix, 0, key, 0, prefix.length);
                in.readFully(key, prefix.length, keyLength);
                byte[] value = in.readNBytes(valueLength);
                bytes -= 2L * Integer.BYTES + keyLength + valueLength;
                room.acquire();
                writes.execute(() -> {
                    try {
                        client.put(key, value);
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    } finally {
                        room.release();
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private void remove(KvClient client, String generation) {
        Iterator<KvClient.Entry> entries = client.scan(target.keyPrefix(generation));
        while (entries.hasNext()) {
            client.delete(entries.next().key());
        }
    }
}
