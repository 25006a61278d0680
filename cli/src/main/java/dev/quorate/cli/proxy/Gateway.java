package dev.quorate.cli.proxy;

import java.io.IOException;
import java.net.Socket;
import java.util.List;

/** The way to a cluster's members. */
public interface Gateway extends AutoCloseable {
    /** Names of the members that there are now, in order. */
    List<String> members() throws IOException;

    /** The name of the member that announces this host. */
    String memberAt(String host);

    /** A connection to the member's Redis port. */
    Socket connect(String member) throws IOException;

    @Override
    void close();
}
