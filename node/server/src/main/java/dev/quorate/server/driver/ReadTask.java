package dev.quorate.server.driver;

import dev.quorate.store.StoreView;

/** A linearizable read. Exactly one of its methods is called, once, if the member goes on; who waits has a deadline of their own. */
public interface ReadTask {
    /** Reads from a state at least as new as the moment the read was asked for. On a reader thread; the view is closed afterwards. */
    void run(StoreView view);

    /** This member does not lead, or lost its leadership before it was confirmed. Nothing was read. */
    void notServed();
}
