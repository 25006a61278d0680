package dev.quorate.cli.local;

import dev.quorate.server.Node;
import dev.quorate.server.NodeConfig;
import dev.quorate.server.NodeStartException;
import dev.quorate.server.admin.AdminService;
import dev.quorate.server.admin.TokenInterceptor;
import dev.quorate.server.grpc.DataPort;
import dev.quorate.server.grpc.GrpcPort;
import dev.quorate.server.redis.RedisConfig;
import dev.quorate.server.redis.RedisPort;
import io.grpc.ServerInterceptors;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member: a {@link Node} and the ports that clients and administrators use, as a pod has them. */
final class LocalNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);

    private final Node node;
    /** Last opened first: the ports close before the node that answers them. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private LocalNode(Node node) {
        this.node = node;
        open.push(node);
    }

    /**
     * Starts it.
     *
     * @throws NodeStartException when its directory can't be its own
     * @throws IOException when a port can't be listened on
     */
    static LocalNode start(NodeConfig config) throws NodeStartException, IOException {
        MeterRegistry meters = new SimpleMeterRegistry();
        LocalNode started = new LocalNode(Node.start(
                config,
                meters,
                reason -> LOG.error("event=node_halted member={} reason=\"{}\"", config.name(), reason)));
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
        open.push(DataPort.start(node.data(), node.sockets(), host, ports.grpc()));
        open.push(RedisPort.start(
                node.data(), RedisConfig.of(host, ports.redis(), node.member().getId()), meters));
    }

    boolean ready() {
        return node.ready();
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
