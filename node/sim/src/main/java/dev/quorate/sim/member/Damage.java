package dev.quorate.sim.member;

import com.google.protobuf.ByteString;
import dev.quorate.server.proto.SnapshotChunk;
import java.util.SplittableRandom;

/** What may happen to bytes at rest and on their way. */
final class Damage {
    private Damage() {}

    /** Flips a bit; there must be one. */
    static void flip(byte[] bytes, SplittableRandom random) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }

    /** A chunk arrives with a flipped bit, or without its end. */
    static SnapshotChunk of(SnapshotChunk chunk, SplittableRandom random) {
        byte[] data = chunk.getData().toByteArray();
        if (data.length == 0) {
            return chunk;
        }
        if (random.nextBoolean()) {
            flip(data, random);
            return chunk.toBuilder().setData(ByteString.copyFrom(data)).build();
        }
        return chunk.toBuilder()
                .setData(ByteString.copyFrom(data, 0, random.nextInt(data.length)))
                .build();
    }
}
