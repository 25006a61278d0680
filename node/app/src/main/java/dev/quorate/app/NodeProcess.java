package dev.quorate.app;

import dev.quorate.server.Node;
import dev.quorate.server.NodeConfig;
import dev.quorate.server.NodeStartException;
import dev.quorate.server.serving.ServingNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node of this process: started with the application, stopped in good order with it. */
@Startup
@ApplicationScoped
public class NodeProcess {
    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
    /** As sysexits.h says of an internal fault. */
    private static final int EXIT_FATAL = 70;

    private final NodeSettings settings;
    private final MeterRegistry meters;
    private final int httpPort;
    private ServingNode serving;
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
            serving = ServingNode.start(config(), meters, NodeProcess::exitAtOnce);
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
                limits());
    }

    private NodeConfig.Limits limits() {
        NodeConfig.Limits limits = NodeConfig.Limits.defaults();
        return settings.moveBytesPerSecond().map(limits::withMoveBytesPerSecond).orElse(limits);
    }

    /** Going on could lose data; so could an orderly stop. */
    private static void exitAtOnce(String reason) {
        LOG.error("event=fatal reason=\"{}\"", reason);
        Runtime.getRuntime().halt(EXIT_FATAL);
    }

    Node node() {
        return serving.node();
    }

    /** What the cluster's nodes and administrators share. */
    String token() {
        return token;
    }

    /** Whether clients should be sent here. */
    boolean ready() {
        return !stopping && node().ready();
    }

    void stop(@Observes ShutdownEvent event) {
        if (serving != null) {
            stopping = true;
            serving.leave(settings.stopGrace());
        }
    }
}
