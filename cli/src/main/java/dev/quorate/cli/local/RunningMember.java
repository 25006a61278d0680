package dev.quorate.cli.local;

import dev.quorate.server.NodeConfig;
import dev.quorate.server.NodeStartException;
import java.io.IOException;

/** A member that was started. Closing it stops it in good order. */
interface RunningMember extends AutoCloseable {
    /** Where members run. */
    interface Runner {
        /**
         * Starts a member; one that runs already is taken over.
         *
         * @param home the member's own folder, for what is kept beside its data
         * @throws NodeStartException when its directory can't be its own
         * @throws IOException when a port can't be listened on, or a process can't be started
         */
        RunningMember start(NodeConfig config, MemberHome home) throws NodeStartException, IOException;
    }

    /** False when it ended by itself, or was killed. */
    boolean running();

    /** As its readiness check says; a process of its own says so itself when it is asked. */
    boolean ready();

    long pid();

    @Override
    void close();
}
