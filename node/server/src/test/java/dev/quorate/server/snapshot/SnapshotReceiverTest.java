package dev.quorate.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.Message;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.proto.OfferSnapshot;
import dev.quorate.server.transport.RaftMessages;
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

    @BeforeEach
    void receive() {
        receiver = new SnapshotReceiver(
                new UUID(0, 1),
                directory,
                message -> given.add(((Message.InstallSnapshot) message).snapshot()),
                _ -> {});
    }

    private void arrives(long index) throws IOException {
        receiver.offer(OfferSnapshot.newBuilder()
                .setFrom(RaftMessages.encode(new UUID(0, 2)))
                .setRaftTerm(3)
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

    @Test
    void onlySoManyWait() throws IOException {
        for (int index = 1; index <= 10; index++) {
            arrives(index);
        }
        assertThat(directory.toFile().list()).hasSizeLessThanOrEqualTo(4);
    }
}
