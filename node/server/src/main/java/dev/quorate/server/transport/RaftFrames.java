package dev.quorate.server.transport;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Message;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The consensus core's messages as they travel. They are most of what peers say, so they have a layout of their own, in which an entry's bytes are copied
 * once on either side. An InstallSnapshot does not travel: the snapshot's data goes by calls. Numbers are big-endian.
 *
 * <pre>
 * offset bytes
 *      0     1  zero, with which no protobuf message begins
 *      1     1  kind: the place of the message in {@link Kind}
 *      2    16  sender, a UUID
 *     18    16  receiver
 *     34     8  term
 *     42        the message's other fields in order: numbers 8 bytes, booleans 1; of AppendEntries the entries come last: count (4), and for
 *               each its term (8), type (1), length (4), data
 *   last     4  CRC32C of all before
 * </pre>
 */
final class RaftFrames {
    /** What tells such a frame from a protobuf message. */
    private static final byte MARK = 0;

    private static final int HEADER_BYTES = 42;
    private static final int ENTRY_BYTES = 13;
    private static final int CRC_BYTES = 4;
    private static final Kind[] KINDS = Kind.values();
    private static final Entry.Type[] TYPES = Entry.Type.values();

    /** The places are part of the protocol. */
    private enum Kind {
        REQUEST_VOTE,
        VOTE_RESPONSE,
        APPEND_ENTRIES,
        APPEND_RESPONSE,
        READ_INDEX_REQUEST,
        READ_INDEX_RESPONSE,
        TIMEOUT_NOW
    }

    private RaftFrames() {}

    static boolean isOne(ByteBuf frame) {
        return frame.isReadable() && frame.getByte(frame.readerIndex()) == MARK;
    }

    static int sizeBytes(Message message) {
        return HEADER_BYTES
                + CRC_BYTES
                + switch (message) {
                    case Message.RequestVote _ -> 18;
                    case Message.VoteResponse _ -> 2;
                    case Message.AppendEntries append -> 36 + entryBytes(append.entries());
                    case Message.AppendResponse _ -> 33;
                    case Message.ReadIndexRequest _ -> 8;
                    case Message.ReadIndexResponse _ -> 17;
                    case Message.TimeoutNow _ -> 0;
                    case Message.InstallSnapshot _ -> throw new IllegalArgumentException("snapshots travel by calls");
                };
    }

    private static int entryBytes(List<Entry> entries) {
        int bytes = entries.size() * ENTRY_BYTES;
        for (int i = 0; i < entries.size(); i++) {
            bytes += entries.get(i).data().length;
        }
        return bytes;
    }

    static void write(Message message, ByteBuf out) {
        int start = out.writerIndex();
        switch (message) {
            case Message.RequestVote m ->
                header(Kind.REQUEST_VOTE, m, out)
                        .writeLong(m.lastLogIndex())
                        .writeLong(m.lastLogTerm())
                        .writeBoolean(m.preVote())
                        .writeBoolean(m.transfer());
            case Message.VoteResponse m ->
                header(Kind.VOTE_RESPONSE, m, out).writeBoolean(m.granted()).writeBoolean(m.preVote());
            case Message.AppendEntries m -> {
                header(Kind.APPEND_ENTRIES, m, out)
                        .writeLong(m.prevLogIndex())
                        .writeLong(m.prevLogTerm())
                        .writeLong(m.leaderCommit())
                        .writeLong(m.readContext());
                writeEntries(m.entries(), out);
            }
            case Message.AppendResponse m ->
                header(Kind.APPEND_RESPONSE, m, out)
                        .writeBoolean(m.success())
                        .writeLong(m.index())
                        .writeLong(m.hintIndex())
                        .writeLong(m.hintTerm())
                        .writeLong(m.readContext());
            case Message.ReadIndexRequest m ->
                header(Kind.READ_INDEX_REQUEST, m, out).writeLong(m.readId());
            case Message.ReadIndexResponse m ->
                header(Kind.READ_INDEX_RESPONSE, m, out)
                        .writeLong(m.readId())
                        .writeBoolean(m.granted())
                        .writeLong(m.index());
            case Message.TimeoutNow m -> header(Kind.TIMEOUT_NOW, m, out);
            case Message.InstallSnapshot _ -> throw new IllegalArgumentException("snapshots travel by calls");
        }
        out.writeInt(checksum(out, start, out.writerIndex() - start));
    }

    private static ByteBuf header(Kind kind, Message message, ByteBuf out) {
        out.writeByte(MARK).writeByte(kind.ordinal());
        writeId(message.from(), out);
        writeId(message.to(), out);
        return out.writeLong(message.term());
    }

    private static void writeId(UUID id, ByteBuf out) {
        out.writeLong(id.getMostSignificantBits()).writeLong(id.getLeastSignificantBits());
    }

    private static void writeEntries(List<Entry> entries, ByteBuf out) {
        out.writeInt(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            out.writeLong(entry.term())
                    .writeByte(entry.type().ordinal())
                    .writeInt(entry.data().length)
                    .writeBytes(entry.data());
        }
    }

    private static int checksum(ByteBuf bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.nioBuffer(from, length));
        return (int) crc.getValue();
    }

    /** @throws IllegalArgumentException or {@link IndexOutOfBoundsException} when it is no message */
    static Message read(ByteBuf in) {
        int length = in.readableBytes() - CRC_BYTES;
        if (length < HEADER_BYTES || checksum(in, in.readerIndex(), length) != in.getInt(in.readerIndex() + length)) {
            throw new IllegalArgumentException("a message that was damaged on its way");
        }
        in.skipBytes(1);
        int kind = in.readUnsignedByte();
        if (kind >= KINDS.length) {
            throw new IllegalArgumentException("a message of unknown kind " + kind);
        }
        UUID from = readId(in);
        UUID to = readId(in);
        long term = in.readLong();
        return switch (KINDS[kind]) {
            case REQUEST_VOTE ->
                new Message.RequestVote(
                        from, to, term, in.readLong(), in.readLong(), in.readBoolean(), in.readBoolean());
            case VOTE_RESPONSE -> new Message.VoteResponse(from, to, term, in.readBoolean(), in.readBoolean());
            case APPEND_ENTRIES -> readAppend(from, to, term, in);
            case APPEND_RESPONSE ->
                new Message.AppendResponse(
                        from, to, term, in.readBoolean(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
            case READ_INDEX_REQUEST -> new Message.ReadIndexRequest(from, to, term, in.readLong());
            case READ_INDEX_RESPONSE ->
                new Message.ReadIndexResponse(from, to, term, in.readLong(), in.readBoolean(), in.readLong());
            case TIMEOUT_NOW -> new Message.TimeoutNow(from, to, term);
        };
    }

    private static UUID readId(ByteBuf in) {
        return new UUID(in.readLong(), in.readLong());
    }

    private static Message readAppend(UUID from, UUID to, long term, ByteBuf in) {
        long prevLogIndex = in.readLong();
        long prevLogTerm = in.readLong();
        long leaderCommit = in.readLong();
        long readContext = in.readLong();
        int count = in.readInt();
        if (count < 0 || (long) count * ENTRY_BYTES > in.readableBytes()) {
            throw new IllegalArgumentException(
                    "an append of " + count + " entries in " + in.readableBytes() + " bytes");
        }
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            entries.add(readEntry(prevLogIndex + i, in));
        }
        return new Message.AppendEntries(from, to, term, prevLogIndex, prevLogTerm, entries, leaderCommit, readContext);
    }

    private static Entry readEntry(long index, ByteBuf in) {
        long term = in.readLong();
        int type = in.readUnsignedByte();
        int length = in.readInt();
        if (type >= TYPES.length || length < 0 || length > in.readableBytes()) {
            throw new IllegalArgumentException("an entry of type " + type + " and " + length + " bytes");
        }
        byte[] data = new byte[length];
        in.readBytes(data);
        return new Entry(index, term, TYPES[type], data);
    }
}
