package dev.quorate.server;

import dev.quorate.server.transport.FaultSwitch;
import dev.quorate.server.transport.PeerCalls;
import dev.quorate.server.transport.Self;
import dev.quorate.server.transport.Sockets;

/** A node's way out to other nodes. */
record Peers(Self self, Sockets sockets, PeerCalls calls) implements AutoCloseable {
    static Peers open(Self self, String name) {
        Sockets sockets = Sockets.open(name + "-net", FaultSwitch.ofThisProcess());
        return new Peers(self, sockets, new PeerCalls(sockets, self));
    }

    @Override
    public void close() {
        calls.close();
        sockets.close();
    }
}
