package dev.quorate.cli.local;

import dev.quorate.cli.output.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hands out ports that nobody listens on: Redis ports one after the other from the first, and the other ports of a member in ranges of their own.
 * Not for several threads.
 */
public final class PortRange {
    public static final int DEFAULT_FIRST = 7001;
    private static final int GRPC_OFFSET = 1000;
    private static final int ADMIN_OFFSET = 2000;
    private static final int PEER_OFFSET = 3000;
    private static final int LAST = 65535;
    /** Below the ports that systems give to outgoing connections: one of those could take a port before its member listens. */
    private static final int ANY_FIRST = 11_000;

    private static final int ANY_END = 32_000;
    private static final int ANY_SPARE = 1_000;
    /** Of all clusters in this process: a member that has a port may not listen on it yet, or not at the moment. */
    private static final Set<Integer> ANY_GIVEN = ConcurrentHashMap.newKeySet();

    private final int first;
    private final boolean exact;
    private final Set<Integer> given;

    private PortRange(int first, boolean exact, Set<Integer> given) {
        this.first = first;
        this.exact = exact;
        this.given = given;
    }

    /** Redis ports from 7001, those in use left out. */
    public static PortRange byDefault() {
        return new PortRange(DEFAULT_FIRST, false, new HashSet<>());
    }

    /** Redis ports from this one on, as the user said. */
    public static PortRange from(int first) {
        if (first < 1024 || first > LAST - PEER_OFFSET - 1000) {
            throw UserError.misused(
                    "--redis-port must be from 1024 to " + (LAST - PEER_OFFSET - 1000) + ", not " + first + ".");
        }
        return new PortRange(first, true, new HashSet<>());
    }

    /** Any free ports that no other cluster in this process was given. */
    public static PortRange any() {
        return new PortRange(0, false, ANY_GIVEN);
    }

    /**
     * What the user said must be free, before anything is started.
     *
     * @throws UserError when one of this many Redis ports is in use
     */
    void require(int members) {
        for (int i = 0; exact && i < members; i++) {
            if (!free(first + i)) {
                throw UserError.failed(
                        "port " + (first + i) + " is in use: stop what listens there (ss -ltnp shows it), or choose "
                                + "another --redis-port. Needed are the " + members + " ports from " + first + " on.");
            }
        }
    }

    MemberPorts next() throws IOException {
        return new MemberPorts(
                take(first), take(first + GRPC_OFFSET), take(first + ADMIN_OFFSET), take(first + PEER_OFFSET));
    }

    /** Ports that a member has for good. */
    void reserve(MemberPorts ports) {
        given.addAll(ports.all());
    }

    /** Ports of a member that is gone for good. */
    void release(MemberPorts ports) {
        given.removeAll(ports.all());
    }

    private int take(int from) throws IOException {
        return first == 0 ? takeBetween(randomFirst(), ANY_END) : takeBetween(from, LAST);
    }

    private static int randomFirst() {
        return ThreadLocalRandom.current().nextInt(ANY_FIRST, ANY_END - ANY_SPARE);
    }

    private int takeBetween(int from, int last) throws IOException {
        for (int port = from; port <= last; port++) {
            if (given.add(port)) {
                if (free(port)) {
                    return port;
                }
                given.remove(port);
            }
        }
        throw new IOException("no free port from " + from + " on");
    }

    static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
