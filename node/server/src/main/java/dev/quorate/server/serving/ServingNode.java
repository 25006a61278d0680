package dev.quorate.server.serving;

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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link Node} and the ports that clients and administrators use: Redis, gRPC, admin. */
public final class ServingNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServingNode.class);

    private final Node node;
    /** Last opened first. They close before the node, whose threads they use. */
    private final Deque<AutoCloseable> ports = new ArrayDeque<>();

    private DataPort data;
    private RedisPort redis;

    private ServingNode(Node node) {
        this.node = node;
    }

    /**
     * Starts it.
     *
     * @param onFatal see {@link Node#start(NodeConfig, MeterRegistry, Consumer)}
     * @throws NodeStartException when its directory can't be its own, or the peer port is taken
     * @throws IOException when another port can't be listened on
     */
    public static ServingNode start(NodeConfig config, MeterRegistry meters, Consumer<String> onFatal)
            throws NodeStartException, IOException {
        ServingNode started = new ServingNode(Node.start(config, meters, onFatal));
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
        NodeConfig.Ports numbers = config.ports();
        AdminService admin = new AdminService(node);
        ports.push(admin);
        ports.push(GrpcPort.start(
                node.sockets(),
                host,
                numbers.admin(),
                ServerInterceptors.intercept(admin, new TokenInterceptor(config.token()))));
        data = DataPort.start(node.data(), node.sockets(), host, numbers.grpc());
        ports.push(data);
        redis = RedisPort.start(
                node.data(), RedisConfig.of(host, numbers.redis(), node.member().getId()), meters);
        ports.push(redis);
    }

    public Node node() {
        return node;
    }

    /**
     * Leaves without failing anybody, as on SIGTERM: first another member leads, so that clients are redirected; then what they have under way is answered
     * and their connections end; then the node closes its log.
     *
     * @param grace what is not done by then is left
     */
    public void leave(Duration grace) {
        long deadlineNanos = System.nanoTime() + grace.toNanos();
        try {
            node.admin().transferLeadership("");
        } catch (RequestException e) {
            LOG.info("event=no_handover member={} reason=\"{}\"", node.config().name(), e.getMessage());
        }
        redis.shutdown(grace.dividedBy(4));
        data.shutdown(grace.dividedBy(4));
        closePorts();
        node.shutdown(Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime())));
    }

    private void closePorts() {
        while (!ports.isEmpty()) {
            try {
                ports.pop().close();
            } catch (Exception e) {
                LOG.warn(
                        "event=close_failed member={} reason=\"{}\"",
                        node.config().name(),
                        e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        closePorts();
        node.close();
    }
}
