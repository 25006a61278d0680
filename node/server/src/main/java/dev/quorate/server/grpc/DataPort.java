package dev.quorate.server.grpc;

import dev.quorate.server.data.KeyValueStore;
import dev.quorate.server.transport.Sockets;
import java.io.IOException;
import java.time.Duration;

/** The port of the data API. */
public final class DataPort implements AutoCloseable {
    private final KeyValueService service;
    private final GrpcPort port;

    private DataPort(KeyValueService service, GrpcPort port) {
        this.service = service;
        this.port = port;
    }

    /**
     * Starts listening.
     *
     * @param sockets whose threads run the calls; they outlive the port
     * @param port to listen on; 0 takes a free one
     * @throws IOException when the address can't be listened on
     */
    public static DataPort start(KeyValueStore store, Sockets sockets, String bindHost, int port) throws IOException {
        KeyValueService service = new KeyValueService(store, sockets::current);
        return new DataPort(service, GrpcPort.start(sockets, bindHost, port, service.bindService()));
    }

    /** The port listened on. */
    public int port() {
        return port.port();
    }

    /** Takes no more calls, answers those under way, for as long as the grace lasts, then closes. */
    public void shutdown(Duration grace) {
        service.finish();
        port.shutdown(grace);
    }

    @Override
    public void close() {
        port.close();
    }
}
