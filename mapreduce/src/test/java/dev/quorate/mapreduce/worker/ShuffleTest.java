package dev.quorate.mapreduce.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.mapreduce.protocol.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ShuffleTest {
    @TempDir
    private Path directory;

    /** Its machine still takes what is sent, as that of a process that was stopped does. */
    @Test
    @Timeout(60)
    void aWorkerThatFallsSilentInTheMiddleOfASegmentIsGivenUp() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> beginToAnswer(server));
            Place place = new Place("map-00000.e1.a1", "127.0.0.1:" + server.getLocalPort() + "/worker");
            assertThatThrownBy(() -> new Shuffle(directory.resolve("shuffled"), 0, 300).fetch(List.of(place)))
                    .isInstanceOfSatisfying(
                            OutputLostException.class,
                            lost -> assertThat(lost.attempt()).isEqualTo(place.attempt()));
        }
    }

    private static void beginToAnswer(ServerSocket server) {
        try {
            Socket socket = server.accept();
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            return; // the test is over
        }
    }
}
