package dev.quorate.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** That messages arrive as they were sent is PeerTransportTest's; this is about what was not sent so. */
class RaftFramesTest {
    private static final Message APPEND = new Message.AppendEntries(
            UUID.randomUUID(),
            UUID.randomUUID(),
            3,
            7,
            2,
            List.of(
                    new Entry(8, 3, Entry.Type.EMPTY, new byte[0]),
                    new Entry(9, 3, Entry.Type.COMMAND, new byte[] {1, 2, 3})),
            6,
            11);
    private static final int COUNT_AT = 42 + 32;

    private static ByteBuf frame() {
        ByteBuf frame = Unpooled.buffer();
        RaftFrames.write(APPEND, frame);
        return frame;
    }

    private static void seal(ByteBuf frame) {
        int end = frame.writerIndex() - 4;
        CRC32C crc = new CRC32C();
        crc.update(frame.nioBuffer(0, end));
        frame.setInt(end, (int) crc.getValue());
    }

    @Test
    void aFrameHasTheSizeThatWasSaid() {
        assertThat(frame().readableBytes()).isEqualTo(RaftFrames.sizeBytes(APPEND));
        assertThat(RaftFrames.isOne(frame())).isTrue();
    }

    @Test
    void aFlippedBitIsNoticedWhereverItIs() {
        for (int bit = 8; bit < 8 * frame().readableBytes(); bit++) {
            ByteBuf frame = frame();
            frame.setByte(bit / 8, frame.getByte(bit / 8) ^ 1 << bit % 8);
            assertThatThrownBy(() -> RaftFrames.read(frame))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("damaged on its way");
        }
    }

    @Test
    void aFrameThatEndsTooSoonIsNone() {
        for (int length = 1; length < frame().readableBytes(); length++) {
            ByteBuf cut = frame().slice(0, length);
            assertThatThrownBy(() -> RaftFrames.read(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void countsAndLengthsBeyondTheFrameAreRefusedBeforeAnythingIsAllocated() {
        ByteBuf manyEntries = frame();
        manyEntries.setInt(COUNT_AT, Integer.MAX_VALUE);
        seal(manyEntries);
        assertThatThrownBy(() -> RaftFrames.read(manyEntries)).isInstanceOf(IllegalArgumentException.class);

        ByteBuf longEntry = frame();
        longEntry.setInt(COUNT_AT + 4 + 9, Integer.MAX_VALUE);
        seal(longEntry);
        assertThatThrownBy(() -> RaftFrames.read(longEntry)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUnknownKindIsRefused() {
        ByteBuf frame = frame();
        frame.setByte(1, 77);
        seal(frame);
        assertThatThrownBy(() -> RaftFrames.read(frame)).hasMessageContaining("unknown kind 77");
    }
}
