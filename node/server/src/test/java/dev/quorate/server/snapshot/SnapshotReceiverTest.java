package dev.quorate.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.api.Error;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.OfferSnapshot;
import dev.quorate.server.proto.SnapshotFile;
import dev.quorate.server.proto.SnapshotPosition;
import dev.quorate.server.transport.MemberIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotReceiverTest {
    private final List<SnapshotMeta> given = new ArrayList<>();

    @TempDir
    private Path directory;

    private SnapshotReceiver receiver;
    private long appliedIndex;
    private boolean wanted = true;

    @BeforeEach
    void receive() {
        receiver = new SnapshotReceiver(
                new UUID(0, 1),
                directory,
                SnapshotFiles.onDisk(),
                (message, onDecision) -> {
                    given.add(message.snapshot());
                    onDecision.accept(wanted);
                },
                _ -> {},
                () -> appliedIndex);
    }

    private void arrives(long index) throws IOException {
        receiver.offer(OfferSnapshot.newBuilder()
                .setFrom(MemberIds.encode(new UUID(0, 2)))
                .setRaftTerm(3)
                .setTransfer(index)
                .setIndex(index)
                .setTerm(2)
                .build());
        receiver.finish(index);
    }

    /** The core installs one while the disk is slow, and another arrives meanwhile. */
    @Test
    void aSnapshotWaitsUntilItIsTakenAlthoughTheNextOneArrived() throws IOException {
        arrives(5);
        arrives(9);
        assertThat(receiver.take(given.get(0)).meta().index()).isEqualTo(5);
        assertThat(receiver.take(given.get(1)).meta().index()).isEqualTo(9);
    }

    @Test
    void whatIsOlderThanTheOneTakenGoes() throws IOException {
        arrives(5);
        arrives(9);
        Path older = directory.resolve("in-1");
        assertThat(older).exists();
        receiver.take(given.get(1));
        assertThat(older).doesNotExist();
        assertThatThrownBy(() -> receiver.take(given.get(0))).isInstanceOf(IOException.class);
    }

    @Test
    void whatWasTakenBelongsToTheStoreAndStays() throws IOException {
        arrives(5);
        Path taken = receiver.take(given.get(0)).directory();
        arrives(9);
        receiver.take(given.get(1));
        assertThat(taken).exists();
    }

    /** A helper that the leader gave up, and the leader, may send at the same index; their files differ. */
    @Test
    void chunksOfAnotherSenderAreNotMixedIn() throws IOException {
        SnapshotPosition begin = SnapshotPosition.getDefaultInstance();
        OfferSnapshot first = OfferSnapshot.newBuilder()
                .setTransfer(1)
                .setFrom(MemberIds.encode(new UUID(0, 2)))
                .setIndex(5)
                .addFiles(SnapshotFile.newBuilder().setName("a").setSizeBytes(2))
                .build();
        receiver.offer(first);
        receiver.offer(first.toBuilder().setTransfer(2).build());
        assertThatThrownBy(() -> receiver.chunk(SnapshotRequests.chunk(1, begin, new byte[] {1})))
                .isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> receiver.finish(1)).isInstanceOf(RequestException.class);
        assertThat(receiver.chunk(SnapshotRequests.chunk(2, begin, new byte[] {1})))
                .isEqualTo(SnapshotPosition.newBuilder().setOffset(1).build());
    }

    @Test
    void aChunkBeyondTheLastFileChangesNothing() throws IOException {
        SnapshotPosition begin = SnapshotPosition.getDefaultInstance();
        receiver.offer(OfferSnapshot.newBuilder()
                .setFrom(MemberIds.encode(new UUID(0, 2)))
                .setIndex(5)
                .build());
        assertThat(receiver.chunk(SnapshotRequests.chunk(0, begin, new byte[] {1})))
                .isEqualTo(begin);
        receiver.finish(0);
        assertThat(given).hasSize(1);
    }

    /** The core may have decided to install each of them, and wait for a disk that stands still. */
    @Test
    void whatWaitsIsNotGivenUpForWhatComesNext() throws IOException {
        arrives(5);
        arrives(9);
        assertThatThrownBy(() -> arrives(12))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        e -> assertThat(e.error().getCode()).isEqualTo(Error.Code.BUSY));
        assertThat(receiver.take(given.get(0)).meta().index()).isEqualTo(5);
        appliedIndex = 5;
        arrives(12);
        assertThat(receiver.take(given.get(1)).meta().index()).isEqualTo(9);
        assertThat(receiver.take(given.get(2)).meta().index()).isEqualTo(12);
    }

    /** Their leader had been deposed meanwhile. */
    @Test
    void whatTheCoreRefusesMakesRoom() throws IOException {
        wanted = false;
        arrives(5);
        arrives(9);
        wanted = true;
        arrives(12);
        assertThat(directory.toFile().list()).containsExactly("in-3");
        assertThat(receiver.take(given.get(2)).meta().index()).isEqualTo(12);
    }

    /** The core let them pass: its log had all that they have. */
    @Test
    void whatTheStateMachineHasPassedMakesRoom() throws IOException {
        arrives(5);
        arrives(9);
        appliedIndex = 9;
        arrives(12);
        assertThat(directory.toFile().list()).containsExactly("in-3");
    }
}
