package dev.quorate.bench.ratis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/** What clients send, and to whom. A write is the key's length (4 bytes), the key and the value; a read is the key. */
public final class Commands {
    private static final RaftGroupId GROUP = RaftGroupId.valueOf(new UUID(0, 1));

    private Commands() {}

    /** A key and a value. */
    record Write(ByteString key, ByteString value) {
        static Write parse(ByteString bytes) {
            int keyBytes = bytes.asReadOnlyByteBuffer().getInt();
            int valueAt = Integer.BYTES + keyBytes;
            // Copies: the log's own bytes may live in a buffer that is used again.
            return new Write(
                    ByteString.copyFrom(bytes.substring(Integer.BYTES, valueAt).toByteArray()),
                    ByteString.copyFrom(bytes.substring(valueAt).toByteArray()));
        }
    }

    public static Message write(byte[] key, byte[] value) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES + key.length + value.length)
                .putInt(key.length)
                .put(key)
                .put(value)
                .array();
        return Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes));
    }

    public static Message read(byte[] key) {
        return Message.valueOf(UnsafeByteOperations.unsafeWrap(key));
    }

    /** @param addresses of the members ({@code host:port}); a member's id is its place among them */
    public static RaftGroup group(List<String> addresses) {
        List<RaftPeer> peers = new ArrayList<>();
        for (String address : addresses) {
            peers.add(RaftPeer.newBuilder()
                    .setId(id(peers.size()))
                    .setAddress(address)
                    .build());
        }
        return RaftGroup.valueOf(GROUP, peers);
    }

    static RaftPeerId id(int number) {
        return RaftPeerId.valueOf("m" + number);
    }
}
