package dev.quorate.cli.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A local port for each member of a cluster. Members get one when they are first seen, be it in a list of members or in a redirect, and keep it for as
 * long as they exist.
 */
public final class ClusterProxy implements AutoCloseable {
    private final Gateway gateway;
    private final int firstPort;
    private final Consumer<String> progress;
    private final ReplyRewriter rewriter = new ReplyRewriter(this::portFor);
    private final Map<String, ServerSocket> listeners = new TreeMap<>();

    /**
     * @param firstPort where local ports begin; those in use are left out; 0: any
     * @param progress hears of members that come and go
     */
    public ClusterProxy(Gateway gateway, int firstPort, Consumer<String> progress) {
        this.gateway = gateway;
        this.firstPort = firstPort;
        this.progress = progress;
    }

    /** Listens for new members, and no longer for those that are gone. */
    public synchronized void refresh() throws IOException {
        List<String> present = gateway.members();
        for (String member : present) {
            listen(member);
        }
        for (String gone : listeners.keySet().stream()
                .filter(name -> !present.contains(name))
                .toList()) {
            ServerSocket listener = listeners.remove(gone);
            ProxyConnection.closeQuietly(listener);
            progress.accept("- " + gone + " 127.0.0.1:" + listener.getLocalPort());
        }
    }

    /** Local addresses, in the order of the members' names. */
    public synchronized List<String> addresses() {
        return listeners.values().stream()
                .map(listener -> "127.0.0.1:" + listener.getLocalPort())
                .toList();
    }

    private synchronized int portFor(String host) {
        try {
            return listen(gateway.memberAt(host)).getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no local port for " + host, e);
        }
    }

    private ServerSocket listen(String member) throws IOException {
        ServerSocket listener = listeners.get(member);
        if (listener == null) {
            listener = open();
            listeners.put(member, listener);
            ServerSocket opened = listener;
            Thread.ofVirtual().name("proxy-" + member).start(() -> accept(member, opened));
            progress.accept("+ " + member + " 127.0.0.1:" + listener.getLocalPort());
        }
        return listener;
    }

    private ServerSocket open() throws IOException {
        InetAddress local = InetAddress.getByName("127.0.0.1");
        if (firstPort == 0) {
            return new ServerSocket(0, 0, local);
        }
        for (int port = firstPort; port <= 65535; port++) {
            ServerSocket socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(local, port));
                return socket;
            } catch (IOException e) {
                socket.close();
            }
        }
        throw new IOException("no free port from " + firstPort + " on");
    }

    private void accept(String member, ServerSocket listener) {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                client.setTcpNoDelay(true);
                Thread.startVirtualThread(() -> serve(member, client));
            } catch (IOException e) {
                ProxyConnection.closeQuietly(listener);
            }
        }
    }

    private void serve(String member, Socket client) {
        try {
            new ProxyConnection(client, gateway.connect(member), rewriter).run();
        } catch (IOException e) {
            progress.accept("! " + member + " can't be reached: " + e.getMessage());
            ProxyConnection.closeQuietly(client);
        }
    }

    @Override
    public synchronized void close() {
        new ArrayList<>(listeners.values()).forEach(ProxyConnection::closeQuietly);
        listeners.clear();
        gateway.close();
    }
}
