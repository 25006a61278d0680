package dev.quorate.server.redis;

import dev.quorate.server.data.ReadFrom;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What a connection remembers of its client. Confined to the connection's event loop. */
final class Session {
    static final int RESP2 = 2;
    static final int RESP3 = 3;

    private final long id;
    private final String clientAddress;
    private final String localAddress;
    private final long startedMillis;
    private int protocol = RESP2;
    private ReadFrom readFrom = ReadFrom.LEADER;
    private String name = "";
    private String libraryName = "";
    private String libraryVersion = "";

    Session(long id, SocketAddress clientAddress, SocketAddress localAddress, long nowMillis) {
        this.id = id;
        this.clientAddress = format(clientAddress);
        this.localAddress = format(localAddress);
        this.startedMillis = nowMillis;
    }

    long id() {
        return id;
    }

    int protocol() {
        return protocol;
    }

    void setProtocol(int protocol) {
        this.protocol = protocol;
    }

    /** Who may serve this client's reads: READONLY and READWRITE set it. */
    ReadFrom readFrom() {
        return readFrom;
    }

    void setReadFrom(ReadFrom readFrom) {
        this.readFrom = readFrom;
    }

    String name() {
        return name;
    }

    void setName(String name) {
        this.name = name;
    }

    void setLibraryName(String libraryName) {
        this.libraryName = libraryName;
    }

    void setLibraryVersion(String libraryVersion) {
        this.libraryVersion = libraryVersion;
    }

    /** Back to how a new connection is. */
    void reset() {
        protocol = RESP2;
        readFrom = ReadFrom.LEADER;
        name = "";
    }

    /** The line of CLIENT INFO and CLIENT LIST. */
    String describe(long nowMillis) {
        return "id=" + id + " addr=" + clientAddress + " laddr=" + localAddress + " name=" + name + " age="
                + Math.max(0, nowMillis - startedMillis) / 1000
                + " idle=0 flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 user=default"
                + " redir=-1 resp=" + protocol + " lib-name=" + libraryName + " lib-ver=" + libraryVersion + "\n";
    }

    private static String format(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : String.valueOf(address);
    }
}
