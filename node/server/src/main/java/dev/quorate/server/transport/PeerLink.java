package dev.quorate.server.transport;

import dev.quorate.raft.Message;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This member's Raft messages to one peer. Connects anew with growing pauses; meanwhile, and when the peer is slow, messages are dropped. */
public final class PeerLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);
    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Sockets sockets;
    private final Self self;
    private final PeerAddress address;
    private final Runnable onLost;
    private final Consumer<String> onRemoved;
    private final AtomicBoolean connecting = new AtomicBoolean();
    private volatile PeerConnection connection;
    private volatile boolean closed;
    /** Something was sent since the last flush. */
    private boolean unflushed;

    private volatile long pauseMillis = FIRST_PAUSE_MILLIS;

    /**
     * @param onLost told when a connection that stood is gone
     * @param onRemoved told, in words, that this member is none any more: then it is of no use to connect again
     */
    public PeerLink(Sockets sockets, Self self, PeerAddress address, Runnable onLost, Consumer<String> onRemoved) {
        this.sockets = sockets;
        this.self = self;
        this.address = address;
        this.onLost = onLost;
        this.onRemoved = onRemoved;
        connect();
    }

    /** False when the message was dropped. It leaves with the next {@link #flush}. Both on the thread of {@link Sockets#consensus}. */
    public boolean send(Message message) {
        PeerConnection current = connection;
        if (current == null || !current.writable()) {
            return false;
        }
        current.write(message);
        unflushed = true;
        return true;
    }

    public void flush() {
        PeerConnection current = connection;
        if (current != null && unflushed) {
            unflushed = false;
            current.flush();
        }
    }

    public boolean connected() {
        return connection != null;
    }

    private void connect() {
        if (closed || !connecting.compareAndSet(false, true)) {
            return;
        }
        PeerConnection.open(sockets, sockets.consensus(), self, address, _ -> {})
                .whenComplete((opened, failure) -> {
                    connecting.set(false);
                    if (failure instanceof RemovedException) {
                        closed = true;
                        onRemoved.accept(failure.getMessage());
                        return;
                    }
                    if (failure != null) {
                        LOG.debug("event=peer_away peer={} reason=\"{}\"", address, failure.getMessage());
                        connectLater();
                        return;
                    }
                    pauseMillis = FIRST_PAUSE_MILLIS;
                    connection = opened;
                    opened.onClose(() -> {
                        connection = null;
                        if (!closed) {
                            onLost.run();
                        }
                        connectLater();
                    });
                    if (closed) {
                        opened.close();
                    }
                });
    }

    private void connectLater() {
        if (closed || sockets.consensus().isShuttingDown()) {
            return;
        }
        long pause = pauseMillis;
        pauseMillis = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        sockets.consensus().schedule(this::connect, pause, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed = true;
        PeerConnection current = connection;
        if (current != null) {
            current.close();
        }
    }
}
