package dev.quorate.cli.local;

import dev.quorate.server.Node;
import dev.quorate.server.NodeConfig;
import dev.quorate.server.NodeStartException;
import dev.quorate.server.admin.AdminService;
import dev.quorate.server.admin.TokenInterceptor;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.grpc.DataPort;
import dev.quorate.server.grpc.GrpcPort;
import dev.quorate.server.redis.RedisConfig;
import dev.quorate.server.redis.RedisPort;
import io.grpc.ServerInterceptors;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member: a {@link Node} and the ports that clients and administrators use, as a pod has them. */
final class LocalNode implements RunningMember {
    private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Node node;
    /** Last opened first: the ports close before the node that answers them. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private DataPort data;
    private RedisPort redis;

    private LocalNode(Node node) {
        this.node = node;
        open.push(node);
    }

    /**
     * Starts it.
     *
     * @param halted hears why it can't go on
     * @throws NodeStartException when its directory can't be its own
     * @throws IOException when a port can't be listened on
     */
    static LocalNode start(NodeConfig config, Consumer<String> halted) throws NodeStartException, IOException {
        MeterRegistry meters = new SimpleMeterRegistry();
        LocalNode started = new LocalNode(Node.start(config, meters, reason -> {
            LOG.error("event=node_halted member={} reason=\"{}\"", config.name(), reason);
            halted.accept(reason);
        }));
        try {
            started.openPorts(config, meters);
            return started;
        } catch (IOException e) {
            started.close();
            throw e;
        }
    }

    private void openPorts(NodeConfig config, MeterRegistry meters) throws IOException {
        String host = config.bindHost();
        NodeConfig.Ports ports = config.ports();
        AdminService admin = new AdminService(node);
        open.push(admin);
        open.push(GrpcPort.start(
                node.sockets(),
                host,
                ports.admin(),
                ServerInterceptors.intercept(admin, new TokenInterceptor(config.token()))));
        data = DataPort.start(node.data(), node.sockets(), host, ports.grpc());
        open.push(data);
        redis = RedisPort.start(
                node.data(), RedisConfig.of(host, ports.redis(), node.member().getId()), meters);
        open.push(redis);
    }

    @Override
    public boolean running() {
        return true;
    }

    @Override
    public boolean ready() {
        return node.ready();
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    /** Stops as a pod does: first another member leads, so that clients are redirected; then what is under way is answered. */
    void leave() {
        try {
            node.transferLeadership("");
        } catch (RequestException e) {
            LOG.info("event=no_handover member={} reason=\"{}\"", node.config().name(), e.getMessage());
        }
        redis.shutdown(GRACE.dividedBy(4));
        data.shutdown(GRACE.dividedBy(4));
        node.shutdown(GRACE);
        close();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn(
                        "event=close_failed member={} reason=\"{}\"",
                        node.config().name(),
                        e.getMessage());
            }
        }
    }
}
