package dev.quorate.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.cli.output.UserError;
import dev.quorate.cli.process.ProcessId;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.GroupView;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.cli.view.ClusterView.ShardLoadView;
import dev.quorate.cli.view.Tables;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {
    private static final ClusterView VIEW = new ClusterView(
            "demo",
            "id",
            1,
            true,
            7,
            4,
            List.of(new GroupView(
                    1,
                    "ACTIVE",
                    "demo-1-0",
                    4,
                    List.of(new MemberView(
                            "demo",
                            1,
                            "uuid",
                            "demo-1-0",
                            "127.0.0.1",
                            "LEADER",
                            true,
                            "127.0.0.1:1",
                            "127.0.0.1:2",
                            "127.0.0.1:3",
                            9,
                            "",
                            4711,
                            "/somewhere")))),
            List.of(1, 1, 1, 1),
            List.of(),
            List.of(),
            List.of(new ShardLoadView(2, 1, 12.5, 2048), new ShardLoadView(3, 1, 100, 10240)));

    @TempDir
    private Path directory;

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<ClusterFile> applied = new AtomicReference<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private ConsoleServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ConsoleServer(0, "secret", new ConsoleServer.Cluster() {
            @Override
            public ClusterView status() {
                return VIEW;
            }

            @Override
            public void scale(int groups) {
                if (groups > 4) {
                    throw UserError.misused("too many");
                }
                asked.set(groups);
            }

            @Override
            public void apply(ClusterFile file) {
                applied.set(file);
            }

            @Override
            public void stop() {
                stopped.complete(null);
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theStatusComesThroughWhole() {
        assertThat(client("secret").status()).isEqualTo(VIEW);
    }

    @Test
    void aChangeOfScaleNeedsTheToken() {
        client("secret").scale(3);
        assertThat(asked).hasValue(3);
        assertThatThrownBy(() -> client("guess").scale(2))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("token");
        assertThat(asked).hasValue(3);
    }

    @Test
    void aFileAndAStopComeThroughWhole() {
        ClusterFile file = new ClusterFile("demo", 3, 1, 4, 2, 1);
        client("secret").apply(file);
        assertThat(applied).hasValue(file);
        assertThatThrownBy(() -> client("guess").stop()).hasMessageContaining("token");
        assertThat(stopped).isNotDone();
        client("secret").stop();
        assertThat(stopped).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void aClusterFileIsReadOrRefusedInASentence() throws IOException {
        Path file = directory.resolve("kvcluster.yaml");
        String head = "apiVersion: quorate.dev/v1alpha1\nkind: KVCluster\nmetadata:\n  name: shop\n";
        Files.writeString(file, head + "spec:\n  groups: 3\n  storage: {size: 1Gi}\n  rebalance: {maxMoves: 5}\n");
        assertThat(ClusterFile.read(file)).isEqualTo(new ClusterFile("shop", 3, 3, 256, 5, 16));
        Files.writeString(file, head);
        assertThat(ClusterFile.read(file)).isEqualTo(new ClusterFile("shop", 1, 3, 256, 32, 16));
        Files.writeString(file, "---\n" + head + "---\n");
        assertThat(ClusterFile.read(file).name()).isEqualTo("shop");
        Files.writeString(file, head + "---\n" + head.replace("shop", "store"));
        assertThatThrownBy(() -> ClusterFile.read(file)).hasMessageContaining("holds more than one resource");
        Files.writeString(file, head + "spec:\n  group: 3\n");
        assertThatThrownBy(() -> ClusterFile.read(file))
                .hasMessageContainingAll("there is no field spec.group, but ", "groups");
        Files.writeString(file, head + "spec:\n  groups: many\n");
        assertThatThrownBy(() -> ClusterFile.read(file))
                .hasMessageContaining("spec.groups must be a whole number, not the text \"many\"");
        Files.writeString(file, head + "spec:\n  rebalance: 5\n");
        assertThatThrownBy(() -> ClusterFile.read(file))
                .hasMessageContaining("spec.rebalance must be a map of fields, not 5");
        assertThatThrownBy(() -> ClusterFile.read(directory.resolve("absent")))
                .hasMessageContaining("there is no file");
        Files.writeString(file, head.replace("KVCluster", "KVGroup"));
        assertThatThrownBy(() -> ClusterFile.read(file)).hasMessageContaining("KVGroup");
        Files.writeString(file, head.replace("shop", "No Shop"));
        assertThatThrownBy(() -> ClusterFile.read(file)).hasMessageContaining("No Shop");
        Files.writeString(file, "{");
        assertThatThrownBy(() -> ClusterFile.read(file)).isInstanceOf(UserError.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "spec: hello | spec must be a map of fields, such as \"groups: 3\", not the text \"hello\"",
                "spec: [] | spec must be a map of fields, such as \"groups: 3\", not a list",
                "spec: 3 | spec must be a map of fields, such as \"groups: 3\", not 3",
                "spec: | spec must be a map of fields, such as \"groups: 3\", not nothing",
                "sepc: {groups: 3} | there is no field sepc, but apiVersion, kind, metadata, spec",
                "spec: {groups: 3, colour: red} | there is no field spec.colour, but ",
                "spec: {rebalance: {maxMove: 3}} | there is no field spec.rebalance.maxMove, but ",
                "spec: {rebalance: []} | spec.rebalance must be a map of fields, not a list",
                "spec: {groups: [3]} | spec.groups must be a whole number, not a list",
                "spec: {groups: {of: 3}} | spec.groups must be a whole number, not a map",
                "spec: {groups: 2.5} | spec.groups must be a whole number, not 2.5",
                "spec: {groups: 99999999999} | spec.groups: Numeric value (99999999999) out of range",
                "spec: {reclaimPolicy: Never} | spec.reclaimPolicy must be Retain or Delete, not the text \"Never\"",
                "spec: {groups: true} | spec.groups must be a whole number, not true",
                "spec: {groups: '3'} | spec.groups must be a whole number, not the text \"3\""
            })
    void aSpecThatIsNoneIsRefusedWithWhatWasFoundAndWhatIsWanted(String spec, String refusal) throws IOException {
        Path file = directory.resolve("kvcluster.yaml");
        Files.writeString(file, "apiVersion: quorate.dev/v1alpha1\nkind: KVCluster\nmetadata: {name: shop}\n" + spec);
        assertThatThrownBy(() -> ClusterFile.read(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(refusal);
    }

    @Test
    void aRefusalIsTheConsolesOwnSentence() {
        assertThatThrownBy(() -> client("secret").scale(5))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitStatus()).isEqualTo(2))
                .hasMessage("too many");
    }

    @Test
    void thePageIsServedAndOtherPathsAreNot() throws IOException {
        assertThat(get("/")).contains("<title>Quorate</title>");
        HttpURLConnection other = (HttpURLConnection)
                URI.create(server.address() + "/secret").toURL().openConnection();
        assertThat(other.getResponseCode()).isEqualTo(404);
    }

    @Test
    void aRunningClusterIsFoundByItsNameOrByBeingTheOnlyOne() throws IOException {
        assertThatThrownBy(() -> RunningCluster.find(directory, Optional.empty()))
                .hasMessageContaining("quorate up");
        RunningCluster one = RunningCluster.here("one", server.address(), "secret", directory);
        one.announce(directory);
        assertThat(RunningCluster.find(directory, Optional.empty())).isEqualTo(one);
        assertThat(Files.getPosixFilePermissions(directory.resolve("one.json"))).hasSize(2);
        assertThatThrownBy(() -> one.announce(directory)).hasMessageContaining("runs already");
        RunningCluster.withdraw(directory, "two");
        RunningCluster.here("two", server.address(), "secret", directory).announce(directory);
        assertThatThrownBy(() -> RunningCluster.find(directory, Optional.empty()))
                .hasMessageContaining("one, two");
        assertThat(RunningCluster.find(directory, Optional.of("one"))).isEqualTo(one);
        assertThatThrownBy(() -> RunningCluster.find(directory, Optional.of("three")))
                .hasMessageContaining("no cluster three");
        RunningCluster.withdraw(directory, "two");
        assertThat(RunningCluster.find(directory, Optional.empty())).isEqualTo(one);
    }

    @Test
    void ofAClusterWhoseProcessIsGoneItIsKnownWhereItsDataIs() {
        RunningCluster here = RunningCluster.here("demo", server.address(), "secret", directory);
        ProcessId former = new ProcessId(here.process().pid(), here.process().startedMillis() - 1);
        RunningCluster gone = new RunningCluster("demo", former, here.console(), here.token(), "/its/own/place");
        gone.announce(directory);
        assertThatThrownBy(() -> RunningCluster.find(directory, Optional.empty()))
                .isInstanceOf(UserError.class);
        assertThat(RunningCluster.known(directory, "demo")).contains(gone);
        here.announce(directory);
        assertThat(RunningCluster.known(directory, "demo")).contains(here);
        RunningCluster.forget(directory, "demo");
        assertThat(RunningCluster.named(directory, "demo")).contains(here);
        RunningCluster.withdraw(directory, "demo");
        assertThat(RunningCluster.known(directory, "demo")).isEmpty();
    }

    @Test
    void theTableShowsGroupsAndShards() {
        assertThat(Tables.groups(VIEW))
                .containsExactly(
                        "GROUP  STATE     LEADER           MEMBERS    OPS/S    KIB/S SHARDS",
                        "1      ACTIVE    demo-1-0         1/1          113       12      4 ################################",
                        "1111");
        assertThat(Tables.busiest(VIEW))
                .containsExactly(
                        "SHARD  OF GROUP       OPS/S      KIB/S",
                        "3      1              100.0       10.0",
                        "2      1               12.5        2.0");
    }

    private ConsoleClient client(String token) {
        return new ConsoleClient(RunningCluster.here("demo", server.address(), token, directory));
    }

    private String get(String path) throws IOException {
        try (var in = URI.create(server.address() + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
