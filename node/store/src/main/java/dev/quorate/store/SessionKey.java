package dev.quorate.store;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;

/** Which session: of which client, in which incarnation of which shard. */
record SessionKey(int shard, long incarnation, long clientHigh, long clientLow) {
    static final int CLIENT_ID_BYTES = 16;

    /** @param clientId of {@link #CLIENT_ID_BYTES} */
    static SessionKey of(int shard, long incarnation, ByteString clientId) {
        ByteBuffer id = clientId.asReadOnlyByteBuffer();
        return new SessionKey(shard, incarnation, id.getLong(), id.getLong());
    }

    static SessionKey ofRow(byte[] rowKey) {
        ByteBuffer id = ByteBuffer.wrap(rowKey, rowKey.length - CLIENT_ID_BYTES, CLIENT_ID_BYTES);
        return new SessionKey(Keys.shardOf(rowKey), Keys.incarnationOf(rowKey), id.getLong(), id.getLong());
    }

    byte[] rowKey() {
        return Keys.session(shard, incarnation, clientHigh, clientLow);
    }
}
