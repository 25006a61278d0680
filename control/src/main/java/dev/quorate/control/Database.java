package dev.quorate.control;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.ChangeMembersRequest;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.NodeDescription;
import dev.quorate.control.Observation.MapView;
import dev.quorate.control.Platform.NodeAddress;
import java.util.List;
import java.util.Set;

/** The nodes' own word, by their admin API. Every call ends within a deadline of its own; a failure is a {@link DatabaseException}. */
public interface Database extends AutoCloseable {
    /** What the node says of itself. */
    NodeDescription describe(NodeAddress node);

    /** Makes the node a member of the request's group. Nothing happens when it already is, with the very same set. */
    void bootstrap(NodeAddress node, BootstrapRequest request);

    /** The shard map, linearizably, from whichever of the root group's nodes leads it. Never throws: unreadable is an answer. */
    MapView map(List<NodeAddress> rootNodes);

    /** Proposes a change to the root group's leader. A refusal is a result, not an exception. */
    MapChangeResult change(List<NodeAddress> rootNodes, MapChange change);

    /** Asks a leader to hand over to another member of its group. */
    void transferLeadership(NodeAddress leader, String targetMemberId);

    /** Has a leader add, promote or remove a member of its group. What is so already is accepted. */
    void changeMembers(NodeAddress leader, ChangeMembersRequest request);

    /** Nodes come and go: lets go of what is kept for those that are not present. */
    void forgetAllBut(Set<NodeAddress> present);

    @Override
    void close();

    /** A node could not be asked, or refused; the sentence says which. */
    final class DatabaseException extends RuntimeException {
        public DatabaseException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
