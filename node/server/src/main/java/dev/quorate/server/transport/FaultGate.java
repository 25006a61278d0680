package dev.quorate.server.transport;

import dev.quorate.api.PeerFault;
import dev.quorate.server.proto.Frame;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One connection's frames, both ways, by the {@link FaultSwitch}. Frames that are late stay in order. */
final class FaultGate extends ChannelDuplexHandler {
    private final FaultSwitch faults;
    /** Null when the peer has called. */
    private final PeerAddress address;

    private String memberId = "";

    /** @param address that this node has called; null when it was called */
    FaultGate(FaultSwitch faults, PeerAddress address) {
        this.faults = faults;
        this.address = address;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Frame frame && frame.hasHello()) {
            memberId = frame.getHello().getMemberId();
        }
        if (fault().filter(PeerFault::getLoseReceived).isEmpty()) {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        PeerFault fault = fault().orElse(PeerFault.getDefaultInstance());
        if (fault.getLoseSent()) {
            promise.trySuccess(); // as a sender sees it whose network takes everything
        } else if (fault.getDelayMillis() == 0) {
            context.write(message, promise);
        } else {
            context.executor()
                    .schedule(
                            () -> context.writeAndFlush(message, promise),
                            fault.getDelayMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private Optional<PeerFault> fault() {
        return faults.with(address, memberId);
    }
}
