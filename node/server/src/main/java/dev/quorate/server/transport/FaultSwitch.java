package dev.quorate.server.transport;

import dev.quorate.api.Member;
import dev.quorate.api.PeerFault;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loses or delays what this node and its peers say to each other, as broken networks do: for tests. There is one only in a process that was started with
 * {@code -Dquorate.fault-switch=true}. For any thread.
 */
public final class FaultSwitch {
    /** Set to {@code true} it gives the process's nodes a switch. */
    public static final String PROPERTY = "quorate.fault-switch";

    /** Longest delay: more would only fill the memory. */
    public static final int DELAY_MILLIS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(FaultSwitch.class);

    private volatile List<PeerFault> faults = List.of();

    public static Optional<FaultSwitch> ofThisProcess() {
        return Boolean.getBoolean(PROPERTY) ? Optional.of(new FaultSwitch()) : Optional.empty();
    }

    /** From now on these, and no others. */
    public void set(List<PeerFault> newFaults) {
        faults = List.copyOf(newFaults);
        LOG.info("event=network_faults count={}", newFaults.size());
    }

    /**
     * What befalls the connection with a peer: the first that names it.
     *
     * @param address of the peer, where this node has called it; else null
     * @param memberId of the peer, where it has called; else empty
     */
    Optional<PeerFault> with(PeerAddress address, String memberId) {
        List<PeerFault> current = faults;
        if (current.isEmpty()) {
            return Optional.empty();
        }
        return current.stream()
                .filter(fault -> !fault.hasPeer() || names(fault.getPeer(), address, memberId))
                .findFirst();
    }

    private static boolean names(Member peer, PeerAddress address, String memberId) {
        return address == null
                ? peer.getId().equals(memberId)
                : peer.getPeerPort() == address.port() && peer.getHost().equals(address.host());
    }
}
