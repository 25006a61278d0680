package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Nodes come and go in one process, each with a group of its own that serves, and leave nothing behind. Alone: it counts what the whole process holds. */
@Isolated
@Timeout(900)
class NodeLeakTest {
    private static final int NODES = Integer.getInteger("quorate.test.nodes", 100);
    /** Pools and caches of the process itself fill with the first few. */
    private static final int WARM_UP = 20;

    private static final NodeConfig.Limits LIMITS =
            new NodeConfig.Limits(256 << 10, 64 << 10, 100, 1 << 20, 1, 64 << 10, 1 << 20, 64 << 20);

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    /** What a process holds. */
    private record Holdings(int threads, long fileHandles, long directBuffers, long directBytes, long nettyBytes) {
        static Holdings now() {
            var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .findFirst()
                    .orElseThrow();
            return new Holdings(
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    system.getOpenFileDescriptorCount(),
                    direct.getCount(),
                    direct.getMemoryUsed(),
                    PlatformDependent.usedDirectMemory());
        }

        /** A few more may be on their way out. */
        boolean isWithin(Holdings before) {
            return threads <= before.threads + 2
                    && fileHandles <= before.fileHandles + 2
                    && directBuffers <= before.directBuffers + 2
                    && directBytes <= before.directBytes + (1 << 20)
                    && nettyBytes <= before.nettyBytes;
        }
    }

    @Test
    void nodesThatWereClosedLeaveNothingBehind() throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            openServeClose(i);
        }
        System.gc();
        Holdings before = Holdings.now();
        for (int i = 0; i < NODES; i++) {
            openServeClose(WARM_UP + i);
        }
        Holdings[] after = new Holdings[1];
        TestGroup.await("what is left over to go", () -> {
            System.gc();
            after[0] = Holdings.now();
            System.out.println("NodeLeakTest: " + NODES + " nodes, before " + before + ", after " + after[0]);
            return after[0].isWithin(before);
        });
        assertThat(registry.getMeters()).isEmpty();
    }

    private void openServeClose(int number) throws Exception {
        try (Node node = Node.start(config(number), registry, reason -> {
            throw new AssertionError(reason);
        })) {
            node.bootstrap(BootstrapRequest.newBuilder()
                    .setClusterId(TestGroup.CLUSTER)
                    .setGroupId(1)
                    .addMembers(node.member())
                    .addRootMembers(node.member())
                    .build());
            TestGroup.await("the map", () -> createMap(node));
            Operation put = Operation.newBuilder()
                    .setKey(ByteString.copyFromUtf8("key"))
                    .setPut(Put.newBuilder().setValue(ByteString.copyFromUtf8("value")))
                    .build();
            long deadlineNanos = System.nanoTime() + TestGroup.PATIENCE.toNanos();
            assertThat(node.data().write(0, List.of(put), deadlineNanos).join()).hasSize(1);
            if (number % 5 == 0) {
                Thread.currentThread().interrupt(); // pending while the node closes
            }
        }
        assertThat(Thread.interrupted()).isEqualTo(number % 5 == 0);
    }

    private NodeConfig config(int number) {
        NodeConfig config = TestGroup.config(directory.resolve("n" + number), 1, "n" + number, LIMITS);
        return new NodeConfig(
                config.clusterId(),
                config.groupId(),
                config.name(),
                config.host(),
                config.bindHost(),
                config.ports(),
                config.dataDirectory(),
                config.rootPeers(),
                config.token(),
                Duration.ofMillis(2),
                LIMITS);
    }

    private static boolean createMap(Node node) {
        try {
            return node.admin()
                    .changeMap(MapChange.newBuilder()
                            .setCreate(MapChange.CreateMap.newBuilder()
                                    .setClusterId(TestGroup.CLUSTER)
                                    .setShardCount(1)
                                    .setRoot(Group.newBuilder().setId(1).addMembers(node.member())))
                            .build())
                    .getAccepted();
        } catch (RequestException e) {
            return false; // it does not lead yet
        }
    }
}
