package dev.quorate.app;

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
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node of this process, with its Redis and admin ports: started with the application, stopped in good order with it. */
@Startup
@ApplicationScoped
public class NodeProcess {
    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
    /** As sysexits.h says of an internal fault. */
    private static final int EXIT_FATAL = 70;

    private final NodeSettings settings;
    private final MeterRegistry meters;
    private final int httpPort;
    private Node node;
    private RedisPort redis;
    private DataPort data;
    private AdminService adminService;
    private GrpcPort admin;
    private String token;
    private volatile boolean stopping;

    NodeProcess(NodeSettings settings, MeterRegistry meters, @ConfigProperty(name = "quarkus.http.port") int httpPort) {
        this.settings = settings;
        this.meters = meters;
        this.httpPort = httpPort;
    }

    @PostConstruct
    void start() {
        try {
            token = Files.readString(settings.tokenFile()).strip();
            node = Node.start(config(), meters, NodeProcess::exitAtOnce);
            redis = RedisPort.start(
                    node.data(),
                    RedisConfig.of(
                            settings.bindHost(),
                            settings.ports().redis(),
                            node.member().getId()),
                    meters);
            adminService = new AdminService(node);
            data = DataPort.start(
                    node.data(),
                    node.sockets(),
                    settings.bindHost(),
                    settings.ports().grpc());
            admin = GrpcPort.start(
                    node.sockets(),
                    settings.bindHost(),
                    settings.ports().admin(),
                    ServerInterceptors.intercept(adminService, new TokenInterceptor(token)));
        } catch (NodeStartException | IOException e) {
            throw new CannotStartException(e);
        }
    }

    private NodeConfig config() {
        NodeSettings.PortSettings ports = settings.ports();
        return new NodeConfig(
                settings.clusterId(),
                settings.groupId(),
                settings.name(),
                settings.host(),
                settings.bindHost(),
                new NodeConfig.Ports(ports.peer(), ports.redis(), ports.grpc(), ports.admin(), httpPort),
                settings.dataDirectory(),
                settings.rootPeers().orElse(List.of()),
                token,
                NodeConfig.DEFAULT_TICK,
                NodeConfig.Limits.defaults());
    }

    /** Going on could lose data; so could an orderly stop. */
    private static void exitAtOnce(String reason) {
        LOG.error("event=fatal reason=\"{}\"", reason);
        Runtime.getRuntime().halt(EXIT_FATAL);
    }

    Node node() {
        return node;
    }

    /** What the cluster's nodes and administrators share. */
    String token() {
        return token;
    }

    /** Whether clients should be sent here. */
    boolean ready() {
        return !stopping && node.ready();
    }

    /**
     * Leaves without failing anybody: first another member leads, so that clients are redirected; then what they have under way is answered and their
     * connections end; then the node closes its log.
     */
    void stop(@Observes ShutdownEvent event) {
        if (admin == null) {
            return;
        }
        long deadlineNanos = System.nanoTime() + settings.stopGrace().toNanos();
        stopping = true;
        handLeadershipOver();
        redis.shutdown(settings.stopGrace().dividedBy(4));
        data.shutdown(settings.stopGrace().dividedBy(4));
        admin.shutdown(Duration.ZERO);
        adminService.close();
        node.shutdown(Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime())));
    }

    private void handLeadershipOver() {
        try {
            node.transferLeadership("");
        } catch (RequestException e) {
            LOG.info("event=no_handover reason=\"{}\"", e.getMessage());
        }
    }
}
