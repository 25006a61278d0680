package dev.quorate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quorate.api.Effect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NoGrpcTest {
    @Test
    void whoTakesARedisPortForAGrpcPortIsToldSo() throws IOException {
        try (ServerSocket redis = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> refuseAll(redis));
            Endpoint wrong = new Endpoint("127.0.0.1", redis.getLocalPort());
            try (KvClient client = new KvClient(List.of(wrong), Duration.ofSeconds(2))) {
                byte[] key = "key".getBytes(StandardCharsets.US_ASCII);
                QuorateException failure = catchThrowableOfType(QuorateException.class, () -> client.get(key));
                assertThat(failure).hasMessageContaining("does not speak gRPC").hasMessageContaining("quorate status");
                assertThat(failure.effect()).isEqualTo(Effect.NOT_APPLIED);
            }
        }
    }

    /** As a Redis server does with the first line of HTTP/2. */
    private static void refuseAll(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getInputStream().read();
                client.getOutputStream().write("-ERR unknown command 'PRI'\r\n".getBytes(StandardCharsets.US_ASCII));
                client.getOutputStream().flush();
                client.getInputStream().readAllBytes();
            } catch (IOException e) {
                // the client has gone, or the test
            }
        }
    }
}
