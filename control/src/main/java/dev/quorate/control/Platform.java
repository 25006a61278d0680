package dev.quorate.control;

import dev.quorate.api.Member;
import java.util.List;

/**
 * Where nodes run: Kubernetes, or the processes of one machine. Every method may be repeated; each throws a {@link PlatformException} with a
 * sentence for people when it could not do its work.
 */
public interface Platform {
    /** Every group that has resources, finished or not, whether the shard map knows it or not. */
    List<Group> groups();

    /**
     * Whether the cluster is known to have been formed before: its disks were taken over, or its shard map was once seen. Where no record of
     * the root group's members is left, empty disks are then a loss and not a beginning. Never true before those members were recorded.
     */
    boolean formedBefore();

    /** Makes what is missing of the group's resources; takes up the volumes it had. Where it has no nodes it gets so many. */
    void createGroup(int group, int nodes);

    /** Gives the group so many nodes: those of the highest ordinals go, or come with the volumes they had. What becomes of volumes of those that go is the
     * platform's policy. */
    void resizeGroup(int group, int nodes);

    /**
     * Keeps the group's members for as long as the cluster exists: durable before it returns, and not lost with the group's resources. Once
     * recorded, a different set is refused.
     *
     * @throws PlatformException when another set is on record
     */
    void recordMembers(int group, List<Member> members);

    /** Restarts one node with what is asked for now. Its volume stays. */
    void restartNode(int group, String node);

    /** Removes the group's resources. What becomes of its volumes is the platform's policy. */
    void deleteGroup(int group);

    /**
     * A group that has resources.
     *
     * @param id its number
     * @param complete false when a resource of it is missing
     * @param recorded what {@link #recordMembers} kept; empty before
     * @param size how many nodes it is to have now
     * @param nodes those that exist or are about to, in the order of their names; none beyond its size
     */
    record Group(int id, boolean complete, List<Member> recorded, int size, List<Node> nodes) {
        public Group {
            recorded = List.copyOf(recorded);
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * A node, as the platform sees it.
     *
     * @param name the pod's or directory's name; ends in a dash and its {@link #ordinal}
     * @param admin where its admin API listens
     * @param running its process runs; when it does not, a restart takes nothing away
     * @param ready it passed its readiness check
     * @param outdated it runs something else than what is asked for now, and a restart would change that
     * @param trouble what keeps it from running, for people; empty when nothing does
     */
    record Node(String name, NodeAddress admin, boolean running, boolean ready, boolean outdated, String trouble) {}

    /** A node's place in its group, from 0: the number that its name ends in. */
    static int ordinal(String nodeName) {
        return Integer.parseInt(nodeName.substring(nodeName.lastIndexOf('-') + 1));
    }

    /** A host's name or address, and a port. */
    record NodeAddress(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** What the platform could not do, in a sentence. */
    final class PlatformException extends RuntimeException {
        public PlatformException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
