package dev.quorate.cli.local;

import dev.quorate.server.NodeConfig;
import dev.quorate.server.NodeStartException;
import dev.quorate.server.serving.ServingNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member in this process. */
record LocalNode(ServingNode serving, AtomicBoolean halted) implements RunningMember {
    private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);
    private static final Duration GRACE = Duration.ofSeconds(30);

    /**
     * Starts it.
     *
     * @param onHalt hears why it can't go on
     * @throws NodeStartException when its directory can't be its own
     * @throws IOException when a port can't be listened on
     */
    static LocalNode start(NodeConfig config, Consumer<String> onHalt) throws NodeStartException, IOException {
        AtomicBoolean halted = new AtomicBoolean();
        ServingNode serving = ServingNode.start(config, new SimpleMeterRegistry(), reason -> {
            LOG.error("event=node_halted member={} reason=\"{}\"", config.name(), reason);
            halted.set(true);
            onHalt.accept(reason);
        });
        return new LocalNode(serving, halted);
    }

    @Override
    public boolean running() {
        return !halted.get();
    }

    @Override
    public boolean ready() {
        return serving.node().ready();
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    /** Stops as a pod does. */
    void leave() {
        serving.leave(GRACE);
    }

    @Override
    public void close() {
        serving.close();
    }
}
