package dev.quorate.control;

import dev.quorate.api.GroupLeader;
import dev.quorate.api.Member;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.ShardMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one pass saw.
 *
 * @param map the shard map, read linearizably from the root group
 * @param groups the groups that have resources on the platform, by id
 * @param formedBefore the platform knows that the cluster was formed before, see {@link Platform#formedBefore}
 */
public record Observation(MapView map, SortedMap<Integer, GroupObservation> groups, boolean formedBefore) {
    public Observation {
        groups = new TreeMap<>(groups);
    }

    /** The group's resources and nodes, if it has any. */
    public Optional<GroupObservation> group(int id) {
        return Optional.ofNullable(groups.get(id));
    }

    /** What is known of the shard map. Unknown is not empty. */
    public sealed interface MapView {
        /** The root group did not answer: nothing that depends on the map may be done. */
        record Unreadable(String reason) implements MapView {}

        /** The root group has a leader, and no map yet. */
        record NotCreated() implements MapView {}

        /** The map, as of a moment of this pass. */
        record Known(ShardMap map, List<GroupLeader> leaders) implements MapView {
            public Known {
                leaders = List.copyOf(leaders);
            }
        }
    }

    /**
     * A group's resources and nodes.
     *
     * @param id its number
     * @param complete false when a resource of it is missing
     * @param recorded the members that the platform has on record; empty before they are (and but for the root group)
     * @param size how many nodes it is to have now
     * @param nodes in the order of their names
     */
    public record GroupObservation(
            int id, boolean complete, List<Member> recorded, int size, List<NodeObservation> nodes) {
        public GroupObservation {
            recorded = List.copyOf(recorded);
            nodes = List.copyOf(nodes);
        }
    }

    /** One node: the platform's word, and its own. */
    public record NodeObservation(Platform.Node node, Answer answer) {
        public String name() {
            return node.name();
        }

        /** The node's own word, if it gave one. */
        public Optional<NodeDescription> description() {
            return answer instanceof Answer.Described(NodeDescription description)
                    ? Optional.of(description)
                    : Optional.empty();
        }
    }

    /** What a node said when asked. */
    public sealed interface Answer {
        record Described(NodeDescription description) implements Answer {}

        /** It could not be asked, and why. */
        record Silent(String reason) implements Answer {}
    }

    /** An observation of nothing: no resources, no map. */
    public static Observation nothing() {
        return new Observation(
                new MapView.Unreadable("the root group has no resources yet"), new TreeMap<>(Map.of()), false);
    }
}
