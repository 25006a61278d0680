package dev.quorate.app;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Settings of a node on an empty directory and on free ports. */
public class FreshDirectory implements QuarkusTestResourceLifecycleManager {
    static final String TOKEN = "the cluster's secret";

    private Path directory;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("node");
            Path token = Files.writeString(directory.resolve("token"), TOKEN + "\n");
            Map<String, String> settings = new HashMap<>();
            settings.put("quorate.cluster-id", "test");
            settings.put("quorate.group-id", "1");
            settings.put("quorate.name", "node-0");
            settings.put("quorate.host", "127.0.0.1");
            settings.put("quorate.bind-host", "127.0.0.1");
            settings.put("quorate.data-directory", directory.resolve("data").toString());
            settings.put("quorate.token-file", token.toString());
            settings.put("quorate.ports.redis", freePort());
            settings.put("quorate.ports.peer", freePort());
            settings.put("quorate.ports.admin", freePort());
            settings.put("quorate.ports.grpc", freePort());
            settings.put("quarkus.http.test-port", "0");
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    @Override
    public void stop() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
