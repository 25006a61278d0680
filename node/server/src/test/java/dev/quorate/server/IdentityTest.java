package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.server.data.RequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose disk it is, and what makes a member part of a group. */
class IdentityTest {
    @TempDir
    Path directory;

    private NodeConfig config;

    @BeforeEach
    void configure() {
        config = TestGroup.config(directory.resolve("a"), 1, "a", NodeConfig.Limits.defaults());
    }

    private NodeConfig with(String clusterId, int groupId, String name) {
        return new NodeConfig(
                clusterId,
                groupId,
                name,
                config.host(),
                config.bindHost(),
                config.ports(),
                config.dataDirectory(),
                List.of(),
                config.token(),
                config.tick(),
                config.limits());
    }

    @Test
    void aMemberKeepsItsIdAcrossRestarts() throws Exception {
        String id;
        try (Node node = Node.start(config)) {
            id = node.member().getId();
            assertThat(node.describe().getBootstrapped()).isFalse();
            assertThat(node.ready()).isFalse();
        }
        try (Node node = Node.start(config)) {
            assertThat(node.member().getId()).isEqualTo(id);
        }
    }

    @Test
    void aDiskOfAnotherClusterGroupOrMemberIsRefusedInWords() throws Exception {
        Node.start(config).close();
        assertRefused(with("other", 1, "a"), "belongs to cluster test, but this node is set up for cluster other");
        assertRefused(with("test", 2, "a"), "belongs to group 1, but this node is set up for group 2");
        assertRefused(with("test", 1, "b"), "belongs to member a, but this node is set up for member b");
    }

    @Test
    void aDiskInUseIsRefused() throws Exception {
        try (Node node = Node.start(config)) {
            assertThat(node.describe().getTrouble()).isEqualTo("not bootstrapped");
            assertRefused(config, "in use by another node");
        }
    }

    @Test
    void aDamagedIdentityIsRefused() throws Exception {
        Node.start(config).close();
        Path identity = config.dataDirectory().resolve("identity");
        byte[] bytes = Files.readAllBytes(identity);
        bytes[bytes.length - 1] ^= 1;
        Files.write(identity, bytes);
        assertRefused(config, "is damaged");
    }

    @Test
    void aTakenPortIsRefusedAndTheDiskIsFreeAgain() throws Exception {
        try (Node node = Node.start(config)) {
            NodeConfig other = new NodeConfig(
                    "test",
                    1,
                    "b",
                    "127.0.0.1",
                    "127.0.0.1",
                    node.config().ports(),
                    directory.resolve("b"),
                    List.of(),
                    "secret",
                    config.tick(),
                    config.limits());
            assertRefused(other, "cannot listen");
        }
        Node.start(config).close();
    }

    @Test
    void aStoreWithoutItsLogIsRefused() throws Exception {
        try (Node node = Node.start(config)) {
            node.bootstrap(request(node.member()));
            TestGroup.await("a leader", node::ready);
        }
        try (var files = Files.list(config.dataDirectory().resolve("log"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertRefused(config, "does not fit the store");
    }

    @Test
    void theDiskOfARemovedMemberIsArchivedAndMakesANewOne() throws Exception {
        String first = removedMember();
        String second = removedMember();
        try (Node node = Node.start(config)) {
            assertThat(node.member().getId()).isNotIn(first, second);
            assertThat(node.describe().getTrouble()).isEqualTo("not bootstrapped");
        }
        Path archive = config.dataDirectory().resolve("archive");
        assertThat(archive.resolve(second)).isDirectoryContaining("glob:**/store");
        assertThat(archive.resolve(first)).doesNotExist();
    }

    private String removedMember() throws Exception {
        try (Node node = Node.start(config)) {
            node.bootstrap(request(node.member()));
            TestGroup.await("a leader", node::ready);
            RemovedMember.mark(config.dataDirectory());
            return node.member().getId();
        }
    }

    private static void assertRefused(NodeConfig config, String words) {
        assertThatThrownBy(() -> Node.start(config))
                .isInstanceOf(NodeStartException.class)
                .hasMessageContaining(words);
    }

    @Test
    void beforeTheBootstrapRequestsAreNotReady() throws Exception {
        try (Node node = Node.start(config)) {
            assertFails(Error.Code.NOT_READY, () -> node.admin().transferLeadership(""));
            assertFails(Error.Code.NOT_READY, () -> node.admin().map(true));
            assertThatThrownBy(() -> node.data()
                            .read(0, List.of(new byte[1]), System.nanoTime() + 1_000_000_000)
                            .join())
                    .cause()
                    .asInstanceOf(type(RequestException.class))
                    .satisfies(e -> assertThat(e.error().getCode()).isEqualTo(Error.Code.NOT_READY));
        }
    }

    @Test
    void aBootstrapMayBeRepeatedButNotChanged() throws Exception {
        try (Node node = Node.start(config)) {
            assertThat(node.bootstrap(request(node.member())).getAlready()).isFalse();
            assertThat(node.bootstrap(request(node.member())).getAlready()).isTrue();
            assertFails(Error.Code.INVALID, () -> node.bootstrap(request(node.member(), stranger())));
        }
        try (Node node = Node.start(config)) {
            assertThat(node.describe().getBootstrapped()).isTrue();
            assertThat(node.bootstrap(request(node.member())).getAlready()).isTrue();
            assertFails(Error.Code.INVALID, () -> node.bootstrap(request(stranger())));
            node.shutdown(Duration.ofSeconds(1));
        }
    }

    @Test
    void aBootstrapThatCouldNotBeOpenedStaysRecordedAndIsOpenedWhenRepeated() throws Exception {
        try (Node node = Node.start(config)) {
            Path inTheWay = Files.createFile(config.dataDirectory().resolve("log"));
            assertFails(Error.Code.INTERNAL, () -> node.bootstrap(request(node.member())));
            assertThat(node.describe().getBootstrapped()).isFalse();
            assertFails(Error.Code.INVALID, () -> node.bootstrap(request(node.member(), stranger())));
            Files.delete(inTheWay);
            assertThat(node.bootstrap(request(node.member())).getAlready()).isFalse();
            assertThat(node.describe().getBootstrapped()).isTrue();
        }
    }

    @Test
    void aBootstrapThatMakesNoSenseIsRefusedAndLeavesTheNodeEmpty() throws Exception {
        try (Node node = Node.start(config)) {
            Member self = node.member();
            BootstrapRequest good = request(self);
            assertFails(
                    Error.Code.INVALID,
                    () -> node.bootstrap(good.toBuilder().setClusterId("other").build()));
            assertFails(
                    Error.Code.INVALID,
                    () -> node.bootstrap(good.toBuilder().setGroupId(2).build()));
            assertFails(Error.Code.INVALID, () -> node.bootstrap(request(stranger())));
            assertFails(Error.Code.INVALID, () -> node.bootstrap(request(self, self)));
            assertFails(
                    Error.Code.INVALID,
                    () -> node.bootstrap(
                            request(self, stranger().toBuilder().setId("x").build())));
            assertFails(
                    Error.Code.INVALID,
                    () -> node.bootstrap(
                            request(self, stranger().toBuilder().clearHost().build())));
            assertThat(node.describe().getBootstrapped()).isFalse();
            assertThat(node.bootstrap(good).getAlready()).isFalse();
        }
    }

    private static Member stranger() {
        return Member.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setName("stranger")
                .setHost("127.0.0.1")
                .setPeerPort(1)
                .build();
    }

    private static BootstrapRequest request(Member... members) {
        return BootstrapRequest.newBuilder()
                .setClusterId("test")
                .setGroupId(1)
                .addAllMembers(List.of(members))
                .build();
    }

    private static void assertFails(Error.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .asInstanceOf(type(RequestException.class))
                .satisfies(
                        e -> assertThat(e.error().getCode()).as(e.getMessage()).isEqualTo(code));
    }
}
