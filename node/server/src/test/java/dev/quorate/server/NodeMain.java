package dev.quorate.server;

import dev.quorate.server.admin.AdminService;
import dev.quorate.server.admin.TokenInterceptor;
import dev.quorate.server.grpc.DataPort;
import dev.quorate.server.grpc.GrpcPort;
import io.grpc.ServerInterceptors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One member as a process of its own: {@code NodeMain <group> <name> <directory> <peer port> <grpc port> <admin port>}. */
final class NodeMain {
    private static final Duration TICK = Duration.ofMillis(50);
    /** A log so short that its start is dropped, and snapshots are sent, while the test runs. */
    private static final NodeConfig.Limits LIMITS =
            new NodeConfig.Limits(256 << 10, 64 << 10, 1_000, 64 << 20, 4, 1 << 20, 64 << 20, 64 << 20);

    private static final int HALTED = 3;

    private NodeMain() {}

    public static void main(String[] args) throws Exception {
        NodeConfig config = new NodeConfig(
                TestGroup.CLUSTER,
                Integer.parseInt(args[0]),
                args[1],
                "127.0.0.1",
                "127.0.0.1",
                new NodeConfig.Ports(port(args[3]), 1, port(args[4]), port(args[5]), 2),
                Path.of(args[2]),
                List.of(),
                TestGroup.TOKEN,
                TICK,
                LIMITS);
        Node node = Node.start(config, new SimpleMeterRegistry(), NodeMain::halt);
        openPorts(node);
        System.out.println("READY");
        awaitEndOfInput();
        Runtime.getRuntime().halt(0);
    }

    private static int port(String argument) {
        return Integer.parseInt(argument);
    }

    private static void openPorts(Node node) throws IOException {
        String host = node.config().bindHost();
        NodeConfig.Ports ports = node.config().ports();
        var admin = ServerInterceptors.intercept(new AdminService(node), new TokenInterceptor(TestGroup.TOKEN));
        GrpcPort.start(node.sockets(), host, ports.admin(), admin);
        DataPort.start(node.data(), node.sockets(), host, ports.grpc());
    }

    private static void halt(String reason) {
        System.out.println("HALTED " + reason);
        Runtime.getRuntime().halt(HALTED);
    }

    /** The input ends with the process that started this one: no child outlives a test, however that ends. */
    private static void awaitEndOfInput() throws IOException {
        System.in.transferTo(OutputStream.nullOutputStream());
    }
}
