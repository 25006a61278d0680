package dev.quorate.server.transport;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Members' ids in protobuf messages: a UUID's 16 bytes, the most significant first. */
public final class MemberIds {
    private MemberIds() {}

    public static ByteString encode(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return ByteString.copyFrom(bytes.flip());
    }

    /** @throws IllegalArgumentException when it is not 16 bytes */
    public static UUID decode(ByteString id) {
        if (id.size() != 16) {
            throw new IllegalArgumentException("a member id of " + id.size() + " bytes");
        }
        ByteBuffer bytes = id.asReadOnlyByteBuffer();
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
