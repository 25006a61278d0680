package dev.quorate.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Membership;
import dev.quorate.raft.RaftStatus;
import dev.quorate.server.driver.Halt;
import dev.quorate.server.proto.Done;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.Response;
import dev.quorate.server.proto.SendSnapshot;
import dev.quorate.server.proto.SnapshotErrand;
import dev.quorate.server.proto.SnapshotPosition;
import dev.quorate.server.transport.MemberIds;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.store.Store;
import dev.quorate.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sends a snapshot: a follower if one can, else the leader. */
class SnapshotCourierTest {
    private static final UUID SELF = new UUID(1, 1);
    private static final UUID HELPER = new UUID(1, 2);
    private static final UUID BEHIND = new UUID(1, 3);
    private static final PeerAddress HELPER_ADDRESS = new PeerAddress(1, "helper", 2);
    private static final PeerAddress BEHIND_ADDRESS = new PeerAddress(1, "behind", 3);
    private static final long MIN_INDEX = 10;

    @TempDir
    Path directory;

    private final BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
    private final List<String> called = new CopyOnWriteArrayList<>();
    private volatile long helperMatchIndex = MIN_INDEX;
    private volatile long appliedIndex = MIN_INDEX;
    private volatile SnapshotErrand.State helperSays = SnapshotErrand.State.DELIVERED;
    private volatile boolean helperAway;
    private Store store;
    private SnapshotCourier courier;

    @BeforeEach
    void open() {
        store = Store.open(directory.resolve("store"), StoreOptions.defaults());
        store.initialize(Membership.ofVoters(Set.of(SELF, HELPER, BEHIND)));
        SnapshotSender sender = new SnapshotSender(
                this::call,
                store,
                directory.resolve("out"),
                new Throttle(1L << 40),
                Duration.ofSeconds(10),
                _ -> {},
                new Halt("test", _ -> {}));
        courier = new SnapshotCourier(SELF, this::call, sender, new FakeGroup());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private final class FakeGroup implements SnapshotCourier.Group {
        @Override
        public Map<UUID, RaftStatus.Progress> progress() {
            return Map.of(
                    HELPER, new RaftStatus.Progress(helperMatchIndex, helperMatchIndex + 1, true, false, true),
                    BEHIND, new RaftStatus.Progress(1, 2, true, true, false));
        }

        @Override
        public long appliedIndex() {
            return appliedIndex;
        }

        @Override
        public PeerAddress address(UUID member) {
            return member.equals(HELPER) ? HELPER_ADDRESS : BEHIND_ADDRESS;
        }

        @Override
        public void snapshotSent(UUID member, boolean delivered) {
            ended.add(delivered);
        }
    }

    private Response call(PeerAddress address, Request.Builder request, Duration timeout) throws IOException {
        called.add(address.host() + " " + request.getCallCase());
        return switch (request.getCallCase()) {
            case SEND_SNAPSHOT -> {
                if (helperAway) {
                    throw new IOException("away");
                }
                SnapshotErrand.State says = helperSays;
                helperSays = says == SnapshotErrand.State.UNDER_WAY ? SnapshotErrand.State.DELIVERED : says;
                yield Response.newBuilder()
                        .setSnapshotErrand(SnapshotErrand.newBuilder().setState(says))
                        .build();
            }
            case OFFER_SNAPSHOT ->
                Response.newBuilder()
                        .setSnapshotPosition(SnapshotPosition.newBuilder()
                                .setFile(request.getOfferSnapshot().getFilesCount()))
                        .build();
            default -> Response.newBuilder().setDone(Done.getDefaultInstance()).build();
        };
    }

    private boolean send() throws InterruptedException {
        courier.send(BEHIND, 1, MIN_INDEX);
        Boolean delivered = ended.poll(30, TimeUnit.SECONDS);
        assertThat(delivered).isNotNull();
        return delivered;
    }

    @Test
    void aFollowerSendsInTheLeadersPlace() throws Exception {
        helperSays = SnapshotErrand.State.UNDER_WAY;
        assertThat(send()).isTrue();
        assertThat(called).containsExactly("helper SEND_SNAPSHOT", "helper SEND_SNAPSHOT");
    }

    @Test
    void theLeaderSendsWhenTheFollowerFails() throws Exception {
        helperSays = SnapshotErrand.State.FAILED;
        assertThat(send()).isTrue();
        assertThat(called).containsExactly("helper SEND_SNAPSHOT", "behind OFFER_SNAPSHOT", "behind FINISH_SNAPSHOT");
    }

    @Test
    void theLeaderSendsWhenTheFollowerIsAway() throws Exception {
        helperAway = true;
        assertThat(send()).isTrue();
        assertThat(called).contains("behind FINISH_SNAPSHOT");
    }

    @Test
    void aFollowerThatLacksSomethingIsNotAsked() throws Exception {
        helperMatchIndex = MIN_INDEX - 1;
        assertThat(send()).isTrue();
        assertThat(called).containsExactly("behind OFFER_SNAPSHOT", "behind FINISH_SNAPSHOT");
    }

    private static SendSnapshot errand(long raftTerm) {
        return SendSnapshot.newBuilder()
                .setTo(MemberIds.encode(BEHIND))
                .setLeader(MemberIds.encode(HELPER))
                .setRaftTerm(raftTerm)
                .setMinIndex(MIN_INDEX)
                .build();
    }

    @Test
    void anErrandIsRunOnceHoweverOftenItIsAskedAfter() throws Exception {
        SnapshotErrand.State state = SnapshotErrand.State.UNDER_WAY;
        while (state == SnapshotErrand.State.UNDER_WAY) {
            state = courier.run(errand(1)).getState();
        }
        assertThat(state).isEqualTo(SnapshotErrand.State.DELIVERED);
        assertThat(called).containsExactly("behind OFFER_SNAPSHOT", "behind FINISH_SNAPSHOT");
        assertThat(ended).isEmpty();
    }

    @Test
    void anErrandFailsWhileThisMemberLacksSomething() throws Exception {
        appliedIndex = MIN_INDEX - 1;
        SnapshotErrand.State state = courier.run(errand(1)).getState();
        while (state == SnapshotErrand.State.UNDER_WAY) {
            state = courier.run(errand(1)).getState();
        }
        assertThat(state).isEqualTo(SnapshotErrand.State.FAILED);
        assertThat(called).isEmpty();
        appliedIndex = MIN_INDEX;
        while (courier.run(errand(2)).getState() == SnapshotErrand.State.UNDER_WAY) {}
        assertThat(called).containsExactly("behind OFFER_SNAPSHOT", "behind FINISH_SNAPSHOT");
    }
}
