package dev.quorate.store;

import com.google.protobuf.CodedInputStream;
import dev.quorate.api.SessionCall;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.WriteCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A write, read in place. Nearly all entries are writes, and messages for them, with their builders, would cost more than all that is done with them; the
 * rest of the commands are read as messages.
 *
 * @param session null when it takes effect as often as it is applied
 */
record Write(int shard, long nowMillis, List<WriteOperation> operations, Call session) {
    private static final int COMMAND_IS_WRITE = Command.WRITE_FIELD_NUMBER << 3 | 2;

    /**
     * Which of a session's writes it is.
     *
     * @param clientBytes length of the client's id; 16 for one that can have a session
     */
    record Call(
            int clientBytes, long clientHigh, long clientLow, long incarnation, long sequence, long lowestOutstanding) {
        SessionKey key(int shard, long shardIncarnation) {
            return new SessionKey(shard, shardIncarnation, clientHigh, clientLow);
        }
    }

    /** Reads a {@link Command}; null when it is no write, or a write and something more. */
    static Write read(byte[] entry) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(entry);
        if (in.readTag() != COMMAND_IS_WRITE) {
            return null;
        }
        int limit = in.pushLimit(in.readRawVarint32());
        int shard = 0;
        long nowMillis = 0;
        Call session = null;
        List<WriteOperation> operations = new ArrayList<>(1);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag >>> 3) {
                case WriteCommand.SHARD_FIELD_NUMBER -> shard = in.readInt32();
                case WriteCommand.NOW_MILLIS_FIELD_NUMBER -> nowMillis = in.readInt64();
                case WriteCommand.OPERATIONS_FIELD_NUMBER -> {
                    int outer = in.pushLimit(in.readRawVarint32());
                    operations.add(WriteOperation.read(in, entry));
                    in.popLimit(outer);
                }
                case WriteCommand.SESSION_FIELD_NUMBER -> {
                    int outer = in.pushLimit(in.readRawVarint32());
                    session = readCall(in);
                    in.popLimit(outer);
                }
                default -> in.skipField(tag);
            }
        }
        in.popLimit(limit);
        return in.isAtEnd() ? new Write(shard, nowMillis, operations, session) : null;
    }

    private static Call readCall(CodedInputStream in) throws IOException {
        int clientBytes = 0;
        long clientHigh = 0;
        long clientLow = 0;
        long incarnation = 0;
        long sequence = 0;
        long lowestOutstanding = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag >>> 3) {
                case SessionCall.CLIENT_ID_FIELD_NUMBER -> {
                    clientBytes = in.readRawVarint32();
                    if (clientBytes == SessionKey.CLIENT_ID_BYTES) {
                        clientHigh = Long.reverseBytes(in.readRawLittleEndian64());
                        clientLow = Long.reverseBytes(in.readRawLittleEndian64());
                    } else {
                        in.skipRawBytes(clientBytes);
                    }
                }
                case SessionCall.INCARNATION_FIELD_NUMBER -> incarnation = in.readInt64();
                case SessionCall.SEQUENCE_FIELD_NUMBER -> sequence = in.readInt64();
                case SessionCall.LOWEST_OUTSTANDING_FIELD_NUMBER -> lowestOutstanding = in.readInt64();
                default -> in.skipField(tag);
            }
        }
        return new Call(clientBytes, clientHigh, clientLow, incarnation, sequence, lowestOutstanding);
    }
}
