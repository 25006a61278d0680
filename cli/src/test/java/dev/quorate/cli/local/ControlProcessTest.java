package dev.quorate.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.cli.output.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control process that refuses to start, with a process of its own. */
class ControlProcessTest {
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    private Path directory;

    @Test
    void nothingIsLeftOfARefusedCluster() throws Exception {
        Path clusters = directory.resolve("clusters");
        Path data = clusters.resolve("shop");
        assertRefused(data);
        assertThat(clusters).doesNotExist();
        assertThat(directory.resolve("shop.yaml")).exists();
    }

    @Test
    void directoriesThatWereThereBeforeStay() throws Exception {
        Path beside = directory.resolve("clusters/other");
        Files.createDirectories(beside);
        assertRefused(directory.resolve("clusters/shop"));
        assertThat(directory.resolve("clusters/shop")).doesNotExist();
        assertThat(beside).exists();

        assertRefused(beside);
        assertThat(beside).isEmptyDirectory();
    }

    /** It would go with the cluster's data. */
    @Test
    void aDirectoryOfSomebodyElsesIsRefused() throws Exception {
        Path theirs = Files.createDirectory(directory.resolve("documents"));
        Path letter = Files.writeString(theirs.resolve("letter"), "dear");
        assertThatThrownBy(() -> ControlProcess.start(letter, theirs, List.of(), false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("holds other files, such as letter");
        assertThatThrownBy(() -> ControlProcess.start(letter, letter, List.of(), false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("it is a file");
        try (var files = Files.list(theirs)) {
            assertThat(files).containsExactly(letter);
        }
    }

    @Test
    void whatAClusterLeftBehindStays() throws Exception {
        Path data = Files.createDirectory(directory.resolve("shop"));
        Path settings = Files.writeString(data.resolve("cluster.json"), """
                {"name":"shop","clusterId":"1","groups":1,"replicas":1,"shards":8,"maxMoves":1,"maxMovesPerGroup":1,"token":"t"}
                """);
        assertRefused(data);
        assertThat(settings).exists();
    }

    /** Its console's port is somebody else's. */
    private void assertRefused(Path data) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("shop.yaml"), """
                apiVersion: quorate.dev/v1alpha1
                kind: KVCluster
                metadata:
                  name: shop
                spec:
                  groups: 1
                  replicas: 1
                  shards: 8
                """);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            List<String> ports = List.of("--redis-port", "0", "--console-port", String.valueOf(taken.getLocalPort()));
            ControlProcess process = ControlProcess.start(file, data, ports, false);
            assertThatThrownBy(() -> awaitEnd(process))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " is in use");
        }
    }

    private static void awaitEnd(ControlProcess process) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        while (System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
            process.refuseIfEnded();
            Thread.sleep(20);
        }
    }
}
