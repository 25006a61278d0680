package dev.quorate.server.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.raft.Entry;
import dev.quorate.raft.Message;
import dev.quorate.server.proto.AppendEntries;
import dev.quorate.server.proto.AppendResponse;
import dev.quorate.server.proto.LogEntry;
import dev.quorate.server.proto.RaftMessage;
import dev.quorate.server.proto.ReadIndexRequest;
import dev.quorate.server.proto.ReadIndexResponse;
import dev.quorate.server.proto.RequestVote;
import dev.quorate.server.proto.TimeoutNow;
import dev.quorate.server.proto.VoteResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The consensus core's messages as they travel. An InstallSnapshot does not: the snapshot's data goes by calls of its own. */
public final class RaftMessages {
    private static final Entry.Type[] TYPES = Entry.Type.values();

    private RaftMessages() {}

    public static RaftMessage encode(Message message) {
        RaftMessage.Builder out = RaftMessage.newBuilder()
                .setFrom(encode(message.from()))
                .setTo(encode(message.to()))
                .setTerm(message.term());
        switch (message) {
            case Message.RequestVote m ->
                out.setRequestVote(RequestVote.newBuilder()
                        .setLastLogIndex(m.lastLogIndex())
                        .setLastLogTerm(m.lastLogTerm())
                        .setPreVote(m.preVote())
                        .setTransfer(m.transfer()));
            case Message.VoteResponse m ->
                out.setVoteResponse(
                        VoteResponse.newBuilder().setGranted(m.granted()).setPreVote(m.preVote()));
            case Message.AppendEntries m -> out.setAppendEntries(encodeAppend(m));
            case Message.AppendResponse m ->
                out.setAppendResponse(AppendResponse.newBuilder()
                        .setSuccess(m.success())
                        .setIndex(m.index())
                        .setHintIndex(m.hintIndex())
                        .setHintTerm(m.hintTerm())
                        .setReadContext(m.readContext()));
            case Message.ReadIndexRequest m ->
                out.setReadIndexRequest(ReadIndexRequest.newBuilder().setReadId(m.readId()));
            case Message.ReadIndexResponse m ->
                out.setReadIndexResponse(ReadIndexResponse.newBuilder()
                        .setReadId(m.readId())
                        .setGranted(m.granted())
                        .setIndex(m.index()));
            case Message.TimeoutNow _ -> out.setTimeoutNow(TimeoutNow.getDefaultInstance());
            case Message.InstallSnapshot _ -> throw new IllegalArgumentException("snapshots travel by calls");
        }
        return out.build();
    }

    private static AppendEntries.Builder encodeAppend(Message.AppendEntries m) {
        AppendEntries.Builder append = AppendEntries.newBuilder()
                .setPrevLogIndex(m.prevLogIndex())
                .setPrevLogTerm(m.prevLogTerm())
                .setLeaderCommit(m.leaderCommit())
                .setReadContext(m.readContext());
        for (Entry entry : m.entries()) {
            append.addEntries(LogEntry.newBuilder()
                    .setTerm(entry.term())
                    .setType(entry.type().ordinal())
                    .setData(UnsafeByteOperations.unsafeWrap(entry.data())));
        }
        return append;
    }

    /** @throws IllegalArgumentException when it is not a message of the core */
    public static Message decode(RaftMessage in) {
        UUID from = decode(in.getFrom());
        UUID to = decode(in.getTo());
        long term = in.getTerm();
        return switch (in.getMessageCase()) {
            case REQUEST_VOTE -> {
                RequestVote m = in.getRequestVote();
                yield new Message.RequestVote(
                        from, to, term, m.getLastLogIndex(), m.getLastLogTerm(), m.getPreVote(), m.getTransfer());
            }
            case VOTE_RESPONSE -> {
                VoteResponse m = in.getVoteResponse();
                yield new Message.VoteResponse(from, to, term, m.getGranted(), m.getPreVote());
            }
            case APPEND_ENTRIES -> decodeAppend(from, to, term, in.getAppendEntries());
            case APPEND_RESPONSE -> {
                AppendResponse m = in.getAppendResponse();
                yield new Message.AppendResponse(
                        from,
                        to,
                        term,
                        m.getSuccess(),
                        m.getIndex(),
                        m.getHintIndex(),
                        m.getHintTerm(),
                        m.getReadContext());
            }
            case READ_INDEX_REQUEST ->
                new Message.ReadIndexRequest(
                        from, to, term, in.getReadIndexRequest().getReadId());
            case READ_INDEX_RESPONSE -> {
                ReadIndexResponse m = in.getReadIndexResponse();
                yield new Message.ReadIndexResponse(from, to, term, m.getReadId(), m.getGranted(), m.getIndex());
            }
            case TIMEOUT_NOW -> new Message.TimeoutNow(from, to, term);
            case MESSAGE_NOT_SET -> throw new IllegalArgumentException("a Raft message without content");
        };
    }

    private static Message decodeAppend(UUID from, UUID to, long term, AppendEntries m) {
        List<Entry> entries = new ArrayList<>(m.getEntriesCount());
        long index = m.getPrevLogIndex();
        for (LogEntry entry : m.getEntriesList()) {
            if (entry.getType() < 0 || entry.getType() >= TYPES.length) {
                throw new IllegalArgumentException("an entry of unknown type " + entry.getType());
            }
            entries.add(new Entry(
                    ++index,
                    entry.getTerm(),
                    TYPES[entry.getType()],
                    entry.getData().toByteArray()));
        }
        return new Message.AppendEntries(
                from,
                to,
                term,
                m.getPrevLogIndex(),
                m.getPrevLogTerm(),
                entries,
                m.getLeaderCommit(),
                m.getReadContext());
    }

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
