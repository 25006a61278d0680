package dev.quorate.store;

import static dev.quorate.store.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.Checkpoint.CheckpointFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final Membership MEMBERS = Membership.ofVoters(Set.of(new UUID(1, 2), new UUID(3, 4)));

    @TempDir
    Path directory;

    private TestStore leader;
    private TestStore follower;

    @BeforeEach
    void open() {
        leader = TestStore.open(directory.resolve("leader"));
        leader.store.initialize(MEMBERS);
        leader.apply(Commands.createMap(4));
        for (int i = 0; i < 50; i++) {
            leader.write(put("key" + i, "value" + i));
        }
        follower = TestStore.open(directory.resolve("follower"), leader.log);
        follower.store.initialize(MEMBERS);
        follower.store.apply(leader.log.subList(0, 5));
    }

    @AfterEach
    void close() {
        leader.close();
        follower.close();
    }

    /** As a member receives it: other files with the same content, in the follower's directory. */
    private Checkpoint received() throws IOException {
        Checkpoint sent = leader.store.checkpoint(directory.resolve("checkpoint" + leader.log.size()));
        Path incoming = Files.createDirectories(directory.resolve("follower/incoming"));
        for (CheckpointFile file : sent.files()) {
            Files.copy(sent.directory().resolve(file.name()), incoming.resolve(file.name()));
        }
        return new Checkpoint(sent.meta(), incoming, sent.files());
    }

    private static void assertFails(StoreException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void aCheckpointSaysWhatIsInIt() {
        Checkpoint checkpoint = leader.store.checkpoint(directory.resolve("checkpoint"));
        assertThat(checkpoint.meta()).isEqualTo(new SnapshotMeta(51, 1, MEMBERS));
        assertThat(checkpoint.files()).extracting(CheckpointFile::name).contains("CURRENT");
        assertThat(checkpoint.files())
                .allSatisfy(file ->
                        assertThat(checkpoint.directory().resolve(file.name())).hasSize(file.sizeBytes()));
        assertThat(checkpoint.directory().toFile().list())
                .hasSize(checkpoint.files().size());
        assertThat(leader.store.flushedIndex()).isEqualTo(51);
    }

    @Test
    void anInstalledCheckpointIsTheSendersState() throws IOException {
        follower.store.install(received());
        assertThat(follower.content()).isEqualTo(leader.content());
        assertThat(follower.store.applied()).isEqualTo(leader.store.applied());
        assertThat(follower.store.map()).isEqualTo(leader.store.map());
        assertThat(follower.store.shards()).isEqualTo(leader.store.shards());
        assertThat(follower.store.flushedIndex()).isEqualTo(51);
        assertThat(directory.resolve("follower").toFile().list()).containsExactly("current");
    }

    @Test
    void afterAnInstallTheLogGoesOn() throws IOException {
        Checkpoint received = received();
        leader.write(put("key1", "later"));
        follower.store.install(received);
        follower.replay();
        assertThat(follower.content()).isEqualTo(leader.content());
        follower.close();
        try (TestStore again = TestStore.open(directory.resolve("follower"), leader.log)) {
            assertThat(again.content()).isEqualTo(leader.content());
        }
    }

    @Test
    void aCheckpointIsNotChangedByWhatComesLater() throws IOException {
        Checkpoint received = received();
        List<String> before = leader.content();
        for (int i = 0; i < 50; i++) {
            leader.write(Commands.delete("key" + i));
        }
        leader.store.flush();
        follower.store.install(received);
        assertThat(follower.content()).isEqualTo(before);
    }

    @Test
    void aDamagedFileIsRefusedAndTheStoreIsAsItWas() throws IOException {
        List<String> before = follower.content();
        Checkpoint received = received();
        for (CheckpointFile file : received.files()) {
            Path path = received.directory().resolve(file.name());
            byte[] good = Files.readAllBytes(path);
            if (good.length > 0) {
                byte[] bad = good.clone();
                bad[bad.length / 2] ^= 1;
                Files.write(path, bad);
                assertFails(StoreException.Kind.BAD_SNAPSHOT, () -> follower.store.install(received));
                Files.write(path, good);
            }
        }
        assertThat(follower.content()).isEqualTo(before);
        follower.store.install(received);
        assertThat(follower.content()).isEqualTo(leader.content());
    }

    @Test
    void missingSurplusAndShortFilesAreRefused() throws IOException {
        Checkpoint received = received();
        Path surplus = Files.write(received.directory().resolve("surplus"), new byte[1]);
        assertFails(StoreException.Kind.BAD_SNAPSHOT, () -> follower.store.install(received));
        Files.delete(surplus);
        Path current = received.directory().resolve("CURRENT");
        byte[] good = Files.readAllBytes(current);
        Files.write(current, new byte[0]);
        assertFails(StoreException.Kind.BAD_SNAPSHOT, () -> follower.store.install(received));
        Files.delete(current);
        assertFails(StoreException.Kind.BAD_SNAPSHOT, () -> follower.store.install(received));
        Files.write(current, good);
        follower.store.install(received);
    }

    @Test
    void filesThatAreNotTheStateTheyClaimToBeAreRefused() throws IOException {
        Checkpoint received = received();
        SnapshotMeta other = new SnapshotMeta(52, 1, MEMBERS);
        Checkpoint claimed = new Checkpoint(other, received.directory(), received.files());
        assertFails(StoreException.Kind.BAD_SNAPSHOT, () -> follower.store.install(claimed));
        follower.store.install(received);
    }

    @Test
    void aStoreNeverGoesBack() throws IOException {
        Checkpoint received = received();
        leader.write(put("key1", "later"));
        follower.replay();
        assertFails(StoreException.Kind.BAD_SNAPSHOT, () -> follower.store.install(received));
        assertThat(follower.content()).isEqualTo(leader.content());
    }

    @Test
    void openViewsFailTypedAfterAnInstallAndNewOnesWork() throws IOException {
        Checkpoint received = received();
        StoreView old = follower.store.view();
        follower.store.install(received);
        assertFails(StoreException.Kind.CLOSED, () -> old.get(0, Commands.bytes("key1")));
        assertFails(StoreException.Kind.CLOSED, old::appliedIndex);
        old.close();
        assertThat(follower.value("key49")).isEqualTo("value49");
    }

    @Test
    void aClosedStoreFailsTyped() {
        StoreView view = follower.store.view();
        follower.close();
        follower.close();
        assertFails(StoreException.Kind.CLOSED, () -> view.shard(0));
        assertFails(StoreException.Kind.CLOSED, () -> follower.store.view());
        assertFails(StoreException.Kind.CLOSED, () -> follower.store.apply(List.of()));
        view.close();
        follower = TestStore.open(directory.resolve("follower"), leader.log);
        assertThat(follower.store.applied().index()).isEqualTo(5);
    }

    @Test
    void readersGoOnWhileCheckpointsAreMadeAndInstalled() throws Exception {
        List<Throwable> failures = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            readers.add(Thread.ofVirtual().start(() -> read(failures)));
        }
        for (int round = 0; round < 5; round++) {
            leader.write(put("key1", "round" + round));
            follower.store.install(received());
        }
        follower.store.close();
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(failures).isEmpty();
    }

    /** Until the store is closed. What is read belongs together, whatever is replaced meanwhile. */
    private void read(List<Throwable> failures) {
        boolean open = true;
        while (open) {
            try (StoreView view = follower.store.view()) {
                long index = view.appliedIndex();
                assertThat(view.shard(0).record().getVersionCounter()).isEqualTo(index - 1);
                assertThat(view.scan(0, null, null, 100)).hasSizeBetween(4, 50);
            } catch (StoreException e) {
                open = isOpen();
            } catch (Throwable e) {
                synchronized (failures) {
                    failures.add(e);
                }
                open = false;
            }
        }
    }

    private boolean isOpen() {
        try {
            follower.store.applied();
            return true;
        } catch (StoreException e) {
            return false;
        }
    }
}
