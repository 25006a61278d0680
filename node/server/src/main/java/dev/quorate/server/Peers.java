package dev.quorate.server;

import dev.quorate.server.transport.FaultSwitch;
import dev.quorate.server.transport.PeerCalls;
import dev.quorate.server.transport.Self;
import dev.quorate.server.transport.Sockets;
import java.util.Optional;

/** A node's way out to other nodes. */
record Peers(Self self, Sockets sockets, PeerCalls calls) implements AutoCloseable {
    static Peers open(Self self, String name, Optional<FaultSwitch> networkFaults) {
        Sockets sockets = Sockets.open(name + "-net", networkFaults);
        return new Peers(self, sockets, new PeerCalls(sockets, self));
    }

    @Override
    public void close() {
        calls.close();
        sockets.close();
    }
}
