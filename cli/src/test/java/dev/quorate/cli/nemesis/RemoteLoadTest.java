package dev.quorate.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients and their verdict, beside a cluster of which they know no more than addresses and the token. */
class RemoteLoadTest {
    private static final long PATIENCE_MILLIS = 120_000;
    private static final long SOME_OPERATIONS = 200;

    @TempDir
    private Path directory;

    @Test
    void whatClientsSawWhileTheClusterGrewIsVerified() throws Exception {
        try (LocalCluster cluster = LocalCluster.open(options(), _ -> {})) {
            cluster.start();
            ClusterView view = cluster.awaitSettled(PATIENCE_MILLIS);
            try (RemoteLoad load = load(cluster, view, "grows")) {
                load.start();
                awaitSome(load);
                cluster.scale(2);
                cluster.awaitSettled(PATIENCE_MILLIS);
                awaitSome(load);
                Report report = load.verify();
                assertThat(Report.fromJson(report.toJson())).isEqualTo(report);
                assertThat(report.moves()).isEqualTo(8);
                assertThat(report.verified()).isGreaterThan(2 * SOME_OPERATIONS);
                assertThat(report.clients())
                        .allSatisfy(client -> assertThat(client.ok())
                                .as(client.words())
                                .isPositive()
                                .isEqualTo(client.operations()));
            }
        }
    }

    @Test
    void anAcknowledgedWriteThatIsNotThereAnyMoreIsNoticed() throws Exception {
        try (LocalCluster cluster = LocalCluster.open(options(), _ -> {})) {
            cluster.start();
            ClusterView view = cluster.awaitSettled(PATIENCE_MILLIS);
            try (RemoteLoad load = load(cluster, view, "robbed");
                    KvClient robber = new KvClient(
                            view.addresses(MemberView::grpc).stream()
                                    .map(Endpoint::parse)
                                    .toList(),
                            Duration.ofSeconds(20))) {
                load.start();
                awaitSome(load);
                robber.scan("robbed-ledger".getBytes(StandardCharsets.UTF_8))
                        .forEachRemaining(entry -> robber.delete(entry.key()));
                assertThatThrownBy(load::verify).isInstanceOf(Violation.class).hasMessageContaining("holds 0, where");
            }
        }
    }

    private RemoteLoad load(LocalCluster cluster, ClusterView view, String prefix) throws InterruptedException {
        List<String> admins = view.addresses(MemberView::admin);
        return new RemoteLoad(admins, cluster.token(), prefix, 7, directory.resolve("history.jsonl"));
    }

    private static void awaitSome(RemoteLoad load) throws InterruptedException {
        long before = load.completed();
        Await.until("some operations", () -> load.completed() > before + SOME_OPERATIONS, () -> "" + load.completed());
    }

    private LocalOptions options() {
        return LocalOptions.of("loaded", 1, 1, 16)
                .withData(directory.resolve("cluster"))
                .withFaultSwitch();
    }
}
