package dev.quorate.server.transport;

import dev.quorate.raft.Message;
import dev.quorate.server.proto.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.MessageToByteEncoder;
import io.netty.handler.codec.MessageToMessageDecoder;
import java.io.IOException;
import java.util.List;

/** Frames on the wire: four bytes of length, then a protobuf message, or one of the consensus core ({@link RaftFrames}). */
final class Frames {
    /** A frame holds at most one batch of log entries or one chunk of a shard or a snapshot, each about a mebibyte, or one large entry. */
    static final int MAX_FRAME_BYTES = 16 << 20;

    private static final int MAX_GREETING_BYTES = 4 << 10;
    private static final int LENGTH_BYTES = 4;
    private static final int READ_BYTES_MIN = 1 << 10;
    private static final int READ_BYTES_FIRST = 2 << 10;
    private static final int READ_BYTES_MAX = 1 << 20;
    private static final String SPLITTER = "splitter";

    private Frames() {}

    /** For a connection whose peer is not known yet: it may send no more than a greeting. */
    static void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(SPLITTER, splitter(MAX_GREETING_BYTES));
        pipeline.addLast(new Decoder());
        pipeline.addLast(Encoder.INSTANCE);
        pipeline.addLast(RaftEncoder.INSTANCE);
    }

    /** The peer has shown who it is. */
    static void trust(ChannelPipeline pipeline) {
        pipeline.replace(SPLITTER, SPLITTER, splitter(MAX_FRAME_BYTES));
    }

    /** While much comes, so much is read at once that most frames come whole: parts of one are copied together. */
    static RecvByteBufAllocator receiveBuffers() {
        return new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX);
    }

    private static LengthFieldBasedFrameDecoder splitter(int maxBytes) {
        return new LengthFieldBasedFrameDecoder(maxBytes, 0, LENGTH_BYTES, 0, LENGTH_BYTES);
    }

    private static final class Decoder extends MessageToMessageDecoder<ByteBuf> {
        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws IOException {
            out.add(RaftFrames.isOne(bytes) ? RaftFrames.read(bytes) : Frame.parseFrom(bytes.nioBuffer()));
        }
    }

    @Sharable
    private static final class Encoder extends MessageToByteEncoder<Frame> {
        static final Encoder INSTANCE = new Encoder();

        Encoder() {
            super(Frame.class);
        }

        @Override
        protected ByteBuf allocateBuffer(ChannelHandlerContext context, Frame frame, boolean preferDirect) {
            return context.alloc().ioBuffer(LENGTH_BYTES + frame.getSerializedSize());
        }

        @Override
        protected void encode(ChannelHandlerContext context, Frame frame, ByteBuf out) throws IOException {
            out.writeInt(frame.getSerializedSize());
            frame.writeTo(new ByteBufOutputStream(out));
        }
    }

    @Sharable
    private static final class RaftEncoder extends MessageToByteEncoder<Message> {
        static final RaftEncoder INSTANCE = new RaftEncoder();

        RaftEncoder() {
            super(Message.class);
        }

        @Override
        protected ByteBuf allocateBuffer(ChannelHandlerContext context, Message message, boolean preferDirect) {
            return context.alloc().ioBuffer(LENGTH_BYTES + RaftFrames.sizeBytes(message));
        }

        @Override
        protected void encode(ChannelHandlerContext context, Message message, ByteBuf out) {
            out.writeInt(0);
            RaftFrames.write(message, out);
            out.setInt(0, out.readableBytes() - LENGTH_BYTES);
        }
    }
}
