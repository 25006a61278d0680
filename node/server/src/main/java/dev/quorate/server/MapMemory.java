package dev.quorate.server;

import dev.quorate.api.ShardMap;
import dev.quorate.server.map.MapCopy;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the newest map on disk, so that a node which restarts without the root group still redirects. A hint: being late or lost does no harm. */
final class MapMemory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MapMemory.class);

    private final DataDirectory directory;
    private final MapCopy map;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("map-memory").factory());
    private long writtenEpoch;

    MapMemory(DataDirectory directory, MapCopy map) {
        this.directory = directory;
        this.map = map;
        this.writtenEpoch = map.map().getEpoch();
        map.listen(this::mayHaveChanged);
    }

    private void mayHaveChanged() {
        try {
            writer.execute(this::write);
        } catch (RejectedExecutionException e) {
            LOG.debug("the node is closing: the map stays as it was remembered");
        }
    }

    private void write() {
        ShardMap now = map.map();
        if (now.getEpoch() <= writtenEpoch) {
            return;
        }
        try {
            directory.rememberMap(now);
            writtenEpoch = now.getEpoch();
        } catch (IOException e) {
            LOG.warn("event=map_not_remembered epoch={} reason=\"{}\"", now.getEpoch(), e.getMessage());
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
